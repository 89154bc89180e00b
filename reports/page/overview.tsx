import { versionText } from '../../helpers/contract/running-version.ts';
import type { RunReport, Test, WatchedFile } from '../model.ts';
import { inOneLine } from '../render/causes.ts';
import { scopeText } from '../run/scope.ts';
import { duration, many, moment } from './format.ts';
import { Scroll } from './scroll.tsx';
import { sentence } from './sentence.ts';

/** Result of the run in one sentence, the subject under test, and verdicts and warnings. */
export function Verdict({ report }: { report: RunReport }) {
  const { tests, subjects, suite } = report;
  const banners = [...new Set(subjects.map(({ banner }) => banner))];
  return (
    <header class={report.outcome}>
      <p class="kicker">kata-cc-suite</p>
      <h1>{sentence(report)}</h1>
      {banners.map((banner) => (
        <p class="banner">{banner}</p>
      ))}
      {[...new Set(subjects.flatMap(({ agent }) => agent.changes ?? []))].map((change) => (
        <p class="facts">The agent was built {change}.</p>
      ))}
      {[...new Set(subjects.flatMap(({ components }) => components.flatMap(differences)))].map((difference) => (
        <p class="facts">{difference}.</p>
      ))}
      {[...new Set(subjects.map(({ versions }) => versions.map(versionText).join(' · ')))]
        .filter(Boolean)
        .map((text) => (
          <p class="facts">{text}</p>
        ))}
      <p class="facts">
        {moment(report.startedAt)} UTC · {duration(report.durationMs)} · {many(tests.length, 'test')} · suite{' '}
        {suite.version} at {suite.commit}
        {suite.dirty ? ' with changes' : ''}
        {[
          ...new Set(
            subjects.map(
              ({ agent, generation, target }) => ` · ${target}, ${generation}, ${agent.kind} ${agent.version}`,
            ),
          ),
        ]}
        {report.full ? '' : ` · partial run: ${scopeText(report.scope)}`}
      </p>
      {report.verdicts.length + report.warnings.length > 0 && (
        <ul class="verdicts">
          {report.verdicts.map((text) => (
            <li class="red">{text}</li>
          ))}
          {report.warnings.map((text) => (
            <li>{text}</li>
          ))}
        </ul>
      )}
    </header>
  );
}

/** How the build of a program beside the agent differs from upstream's. */
function differences({ changes = [], name }: RunReport['subjects'][number]['components'][number]): readonly string[] {
  return changes.map((change) => `${name} was built ${change}`);
}

/** The outcomes of a run: a mark for every test, a row for every file. */
export function Outcomes({ report, onOpen }: { report: RunReport; onOpen: (id: string) => void }) {
  const files = [...new Set(report.tests.map(({ file }) => file))].sort();
  return (
    <table class="outcomes">
      <caption class="visually-hidden">outcome by file</caption>
      <thead class="visually-hidden">
        <tr>
          <th>file</th>
          <th>tests</th>
          <th>outcome</th>
          <th>time</th>
        </tr>
      </thead>
      <tbody>
        {files.map((file) => {
          const own = report.tests.filter((test) => test.file === file);
          return (
            <tr>
              <th scope="row">{file.replace(/^suites\//, '').replace(/\.spec\.ts$/, '')}</th>
              <td>
                <Strip tests={own} label={counts(own)} onOpen={onOpen} />
              </td>
              <td class="quiet">{counts(own)}</td>
              <td class="number quiet">{duration(own.reduce((sum, { durationMs }) => sum + durationMs, 0))}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function counts(tests: readonly Test[]): string {
  return (['failed', 'flaky', 'passed', 'skipped'] as const)
    .map((outcome) => [tests.filter((test) => test.outcome === outcome).length, outcome] as const)
    .filter(([count]) => count > 0)
    .map(([count, outcome]) => `${count} ${outcome}`)
    .join(', ');
}

/**
 * The marks of a file's tests as one image instead of a link for each test: keyboard users have the list of tests
 * below.
 */
function Strip({ tests, label, onOpen }: { tests: readonly Test[]; label: string; onOpen: (id: string) => void }) {
  const open = (event: MouseEvent): void => {
    const index = Number((event.target as Element).getAttribute('data-index') ?? '-1');
    const test = tests[index];
    if (test) onOpen(test.id);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list of tests below has the same links for keyboard users
    <div class="strip" role="img" aria-label={label} onClick={open}>
      {tests.map(({ name, outcome }, index) => (
        <i class={outcome} data-index={index} title={`${name}: ${outcome}`} />
      ))}
    </div>
  );
}

/** Groups of similar failures, and errors outside tests. */
export function Failures({ report, onOpen }: { report: RunReport; onOpen: (id: string) => void }) {
  return (
    <ul class="failures">
      {report.failures.map(({ earlier, fingerprint, knownIssue, tests, title }) => (
        <li>
          <p>
            {title} <span class="quiet">{fingerprint}</span>
            {knownIssue !== undefined && <a href={knownIssue}> known issue</a>}
            {earlier !== undefined && (
              <span class="quiet">
                {' '}
                seen in {many(earlier.runs, 'earlier run')}, first at {earlier.commit} on {moment(earlier.since)}
              </span>
            )}
          </p>
          <ul>
            {tests.map((id) => (
              <li>
                <button type="button" class="link" onClick={() => onOpen(id)}>
                  {id.split(' > ').slice(1).join(' › ')}
                </button>
              </li>
            ))}
          </ul>
        </li>
      ))}
      {report.errors.map((error) => (
        <li>
          <p>
            {error.file ?? 'no file'}: {inOneLine(error)}
          </p>
        </li>
      ))}
    </ul>
  );
}

/** Why each spec file ran, in a run of `pnpm kata watch`. */
export function Watched({ watched }: { watched: readonly WatchedFile[] }) {
  return (
    <Scroll label="why each spec file ran">
      <table>
        <caption>Spec files that pnpm kata watch ran, in this order, and why</caption>
        <thead>
          <tr>
            <th scope="col">spec file</th>
            <th scope="col">why</th>
          </tr>
        </thead>
        <tbody>
          {watched.map(({ file, reasons }) => (
            <tr>
              <th scope="row">{file}</th>
              <td>{reasons.join('; ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** The reasons for which tests were skipped. */
export function Skips({ report }: { report: RunReport }) {
  return (
    <ul class="plain">
      {report.skips.map(({ count, reason }) => (
        <li>
          {many(count, 'test')}: {reason}
        </li>
      ))}
    </ul>
  );
}
