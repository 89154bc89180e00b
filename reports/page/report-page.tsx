import { render } from 'preact';
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { RunReport } from '../model.ts';
import { Api } from './api.tsx';
import { embedded } from './data.ts';
import { Matrix, Tables, Trend } from './history.tsx';
import { Failures, Outcomes, Skips, Verdict, Watched } from './overview.tsx';
import { SetupCosts } from './setup-costs.tsx';
import { type Filter, FilterBar, fitting, TestList } from './tests.tsx';
import { Theme } from './theme.tsx';
import { Timeline } from './time.tsx';

const NO_FILTER: Filter = { words: '', outcomes: new Set() };

/** The test that the page's URL names as `#test=…`, so that links to a test can be shared. */
function testOfLocation(): string | undefined {
  const [, id] = /^#test=(.+)$/.exec(location.hash) ?? [];
  return id === undefined ? undefined : decodeURIComponent(id);
}

function Page({ report }: { report: RunReport }) {
  const [filter, setFilter] = useState<Filter>(NO_FILTER);
  const firstFailed = report.failures[0]?.tests[0];
  const [open, setOpen] = useState<string | undefined>(testOfLocation() ?? firstFailed);
  const shown = useMemo(() => fitting(failedFirst(report), filter), [report, filter]);

  const toggle = useCallback((id: string) => {
    setOpen((before) => (before === id ? undefined : id));
    history.replaceState(null, '', `#test=${encodeURIComponent(id)}`);
  }, []);
  const goTo = useCallback((id: string) => {
    setFilter(NO_FILTER);
    setOpen(id);
    history.replaceState(null, '', `#test=${encodeURIComponent(id)}`);
    // Scrolls after the row of the test has been rendered.
    requestAnimationFrame(() => rowOf(id)?.scrollIntoView({ block: 'start' }));
  }, []);
  useEffect(() => {
    const asked = testOfLocation();
    if (asked !== undefined) rowOf(asked)?.scrollIntoView({ block: 'start' });
  }, []);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => onKey(event, setFilter);
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);

  const failing = report.failures.length + report.errors.length > 0;
  return (
    <>
      <a class="visually-hidden" href="#tests">
        skip to the tests
      </a>
      <Theme />
      <Verdict report={report} />
      <main>
        <Outcomes report={report} onOpen={goTo} />
        {failing && (
          <section>
            <h2>Failures</h2>
            <Failures report={report} onOpen={goTo} />
          </section>
        )}
        {report.watch !== undefined && (
          <section>
            <h2>What ran because of what</h2>
            <Watched watched={report.watch} />
          </section>
        )}
        <section id="tests">
          <h2>Tests</h2>
          <FilterBar report={report} filter={filter} onFilter={setFilter} />
          <TestList tests={shown} open={open} onToggle={toggle} />
        </section>
        {report.skips.length > 0 && (
          <section>
            <h2>Not run</h2>
            <Skips report={report} />
          </section>
        )}
        <section>
          <h2>Time</h2>
          <Timeline report={report} onOpen={goTo} />
          <SetupCosts report={report} />
        </section>
        <section>
          <h2>The agent’s API</h2>
          <Api report={report} />
        </section>
        <section>
          <h2>Runs over time</h2>
          <Trend report={report} onOpen={goTo} />
        </section>
        <section>
          <h2>Tests by target and generation</h2>
          <Matrix report={report} onOpen={goTo} />
        </section>
        {report.tables.length > 0 && (
          <section>
            <h2>Mutants, benchmarks, faults and soak</h2>
            <Tables tables={report.tables} />
          </section>
        )}
      </main>
      <footer class="quiet">
        <p>
          Keys: <kbd>/</kbd> searches, <kbd>j</kbd> and <kbd>k</kbd> move through the tests, <kbd>Enter</kbd> opens one,{' '}
          <kbd>f</kbd> shows failed tests only, <kbd>Esc</kbd> shows all tests.
        </p>
        <p>Other formats: report.json, junit.xml, summary.md, and a folder for each test below evidence/.</p>
      </footer>
    </>
  );
}

/** The tests of files with a failure first; the order within a file is kept. */
function failedFirst({ tests }: RunReport): RunReport['tests'] {
  const failing = new Set(tests.filter(({ outcome }) => outcome === 'failed').map(({ file }) => file));
  return [...tests].sort(
    (a, b) => Number(failing.has(b.file)) - Number(failing.has(a.file)) || a.file.localeCompare(b.file),
  );
}

function rowOf(id: string): Element | undefined {
  return [...document.querySelectorAll('[data-test]')].find((row) => row.getAttribute('data-test') === id);
}

function onKey(event: KeyboardEvent, setFilter: (filter: Filter) => void): void {
  const typing = event.target instanceof HTMLInputElement;
  const search = document.getElementById('search');
  if (event.key === 'Escape') {
    setFilter(NO_FILTER);
    if (typing) search?.blur();
    return;
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/') {
    event.preventDefault();
    search?.focus();
  } else if (event.key === 'f') {
    setFilter({ words: '', outcomes: new Set(['failed']) });
  } else if (event.key === 'j' || event.key === 'k') {
    const rows = [...document.querySelectorAll<HTMLButtonElement>('button.row')];
    const at = rows.indexOf(document.activeElement as HTMLButtonElement);
    const next = event.key === 'j' ? at + 1 : Math.max(0, at - 1);
    rows[Math.min(next, rows.length - 1)]?.focus();
  }
}

const root = document.getElementById('page');
if (root) render(<Page report={embedded<RunReport>()} />, root);
// Records when the page is on the screen, for measurements.
requestAnimationFrame(() => setTimeout(() => performance.mark('shown'), 0));
