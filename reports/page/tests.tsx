import { useMemo } from 'preact/hooks';
import type { Outcome, RunReport, Test } from '../model.ts';
import { Details } from './evidence.tsx';
import { duration, MARKS, many } from './format.ts';

const OUTCOMES: readonly Outcome[] = ['failed', 'flaky', 'passed', 'skipped'];

/** A filter of the list of tests: words that must all occur, and outcomes; no outcome means all. */
export interface Filter {
  readonly words: string;
  readonly outcomes: ReadonlySet<Outcome>;
}

/** The tests that match a filter, in the order of the page. */
export function fitting(tests: readonly Test[], { words, outcomes }: Filter): Test[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return tests.filter((test) => {
    if (outcomes.size > 0 && !outcomes.has(test.outcome)) return false;
    if (wanted.length === 0) return true;
    const text = haystack(test);
    return wanted.every((word) => text.includes(word));
  });
}

const haystacks = new WeakMap<Test, string>();

function haystack(test: Test): string {
  const known = haystacks.get(test);
  if (known !== undefined) return known;
  const { calls, failures, id, reason = '', tags } = test;
  const parts = [
    id,
    reason,
    ...tags,
    ...failures.map(({ message }) => message),
    ...calls.map(({ method, status }) => `${method} ${status}`),
  ];
  const text = parts.join('\n').toLowerCase();
  haystacks.set(test, text);
  return text;
}

export function FilterBar({
  report,
  filter,
  onFilter,
}: {
  report: RunReport;
  filter: Filter;
  onFilter: (filter: Filter) => void;
}) {
  const toggle = (outcome: Outcome): void => {
    const outcomes = new Set(filter.outcomes);
    if (!outcomes.delete(outcome)) outcomes.add(outcome);
    onFilter({ ...filter, outcomes });
  };
  // Counted from the tests, because the report's totals count errors outside tests as failed.
  const counts = useMemo(() => countsOf(report.tests), [report]);
  return (
    <search class="filter">
      <input
        id="search"
        type="search"
        aria-label="search tests"
        placeholder="search: test name, method, status, message"
        value={filter.words}
        onInput={(event) => onFilter({ ...filter, words: event.currentTarget.value })}
      />
      {OUTCOMES.filter((outcome) => counts[outcome] > 0).map((outcome) => (
        <button
          type="button"
          class={outcome}
          aria-pressed={filter.outcomes.has(outcome)}
          onClick={() => toggle(outcome)}
        >
          {counts[outcome]} {outcome}
        </button>
      ))}
    </search>
  );
}

function countsOf(tests: readonly Test[]): Record<Outcome, number> {
  const counts = { passed: 0, failed: 0, flaky: 0, skipped: 0 };
  for (const { outcome } of tests) counts[outcome] += 1;
  return counts;
}

export function TestList({
  tests,
  open,
  onToggle,
}: {
  tests: readonly Test[];
  open: string | undefined;
  onToggle: (id: string) => void;
}) {
  const groups = useMemo(() => grouped(tests), [tests]);
  if (tests.length === 0) return <p class="quiet">No test matches.</p>;
  return (
    <>
      {groups.map(({ title, file, tests: own }) => (
        <section class="group">
          <h3>
            {title} <span class="quiet">{file}</span>
          </h3>
          <ol>
            {own.map((test) => (
              <Row key={test.id} test={test} open={open === test.id} onToggle={onToggle} />
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}

function Row({ test, open, onToggle }: { test: Test; open: boolean; onToggle: (id: string) => void }) {
  const calls = test.calls.reduce((sum, { durationsMs }) => sum + durationsMs.length, 0);
  return (
    <li class={test.outcome} data-test={test.id}>
      <button type="button" class="row" aria-expanded={open} onClick={() => onToggle(test.id)}>
        <span class="mark" aria-hidden="true">
          {MARKS[test.outcome]}
        </span>
        <span class="name">
          {test.name}
          {test.outcome !== 'passed' && <span class="visually-hidden"> ({test.outcome})</span>}
          {test.reason !== undefined && <span class="quiet"> {test.reason}</span>}
          {test.knownIssue !== undefined && <span class="quiet"> known: {test.knownIssue}</span>}
        </span>
        <span class="quiet numbers">
          {test.evidence !== undefined && <span>evidence</span>}
          {calls > 0 && <span>{many(calls, 'call')}</span>}
          <span class="duration">{duration(test.durationMs)}</span>
        </span>
      </button>
      {open && <Details test={test} />}
    </li>
  );
}

function grouped(tests: readonly Test[]) {
  const groups = new Map<string, { title: string; file: string; tests: Test[] }>();
  for (const test of tests) {
    const key = [test.file, ...test.groups].join(' > ');
    const group = groups.get(key) ?? { title: test.groups.join(' › ') || test.file, file: test.file, tests: [] };
    group.tests.push(test);
    groups.set(key, group);
  }
  return [...groups.values()];
}
