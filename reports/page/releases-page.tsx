import { render } from 'preact';
import type { ClaimOutcome, ReleaseColumn, ReleasesReport } from '../../helpers/contract/releases.ts';
import { embedded } from './data.ts';
import { MARKS, many, moment } from './format.ts';
import { byFile } from './group.ts';
import { Scroll } from './scroll.tsx';
import { Theme } from './theme.tsx';

/** The page of several releases: what ran, the claims as a table, and why claims failed or were skipped. */
function Page({ report: { columns } }: { report: ReleasesReport }) {
  const reasons = reasonsOf(columns);
  const { different, same } = claimsOf(columns);
  return (
    <>
      <Theme />
      <header class={failuresOf(columns).some(({ knownIssue }) => knownIssue === undefined) ? 'failed' : 'passed'}>
        <p class="kicker">kata-cc-suite</p>
        <h1>{sentence(columns)}</h1>
      </header>
      <main>
        <Releases columns={columns} />
        <Failures columns={columns} />
        <Claims title="Claims whose outcome differs between releases" ids={different} {...{ columns, reasons }} />
        <Claims title="Claims with one outcome" ids={same} {...{ columns, reasons }} />
        {reasons.length > 0 && (
          <section>
            <h2>Why claims were skipped</h2>
            <ol class="reasons">
              {reasons.map((reason, index) => (
                <li id={`reason-${index + 1}`}>
                  {index + 1} {reason}
                </li>
              ))}
            </ol>
          </section>
        )}
      </main>
      <footer class="quiet">
        <p>The same as data: releases.json.</p>
      </footer>
    </>
  );
}

function sentence(columns: readonly ReleaseColumn[]): string {
  const without = columns.filter(({ problem }) => problem !== undefined).length;
  const tested = `${many(columns.length - without, 'release')} tested`;
  const failures = failuresOf(columns);
  const explained = failures.filter(({ knownIssue }) => knownIssue !== undefined).length;
  const failed = failures.length - explained;
  const untested = without === 0 ? '' : `, ${without} could not be`;
  const known = explained === 0 ? '' : `; ${many(explained, 'failure')} by known issues`;
  return `${tested}${untested}; ${failed === 0 ? 'no claim failed' : `${many(failed, 'claim')} failed`}${known}`;
}

/** The ids of all claims: those whose outcome differs between the releases in which they were tried, and the others. */
function claimsOf(columns: readonly ReleaseColumn[]): Readonly<Record<'different' | 'same', readonly string[]>> {
  const ids = [...new Set(columns.flatMap(({ claims }) => Object.keys(claims)))];
  const differs = (id: string): boolean => new Set(columns.flatMap(({ claims }) => claims[id]?.outcome ?? [])).size > 1;
  return { different: ids.filter(differs), same: ids.filter((id) => !differs(id)) };
}

/** A row for each release: its version, and how many claims ended how, or why none was tried. */
function Releases({ columns }: { columns: readonly ReleaseColumn[] }) {
  return (
    <table class="outcomes">
      <thead>
        <tr>
          <th scope="col">release</th>
          <th scope="col">commit</th>
          <th scope="col">result</th>
          <th scope="col">tested</th>
        </tr>
      </thead>
      <tbody>
        {columns.map((column) => (
          <tr>
            <th scope="row">{column.release}</th>
            <td class="quiet">{column.commit.slice(0, 10)}</td>
            <td>
              {counts(column)}
              <div class="quiet">{column.banner}</div>
            </td>
            <td class="quiet moment">{moment(column.at)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function counts({ claims, problem }: ReleaseColumn): string {
  if (problem !== undefined) return `${problem.what}: ${problem.why}`;
  const outcomes = Object.values(claims);
  return (['failed', 'flaky', 'passed', 'skipped'] as const)
    .map((wanted) => [outcomes.filter(({ outcome }) => outcome === wanted).length, wanted] as const)
    .filter(([count]) => count > 0)
    .map(([count, wanted]) => `${count} ${wanted}`)
    .join(', ');
}

interface ClaimsProps {
  readonly title: string;
  readonly ids: readonly string[];
  readonly columns: readonly ReleaseColumn[];
  readonly reasons: readonly string[];
}

function Claims({ columns, ids, reasons, title }: ClaimsProps) {
  if (ids.length === 0) return null;
  return (
    <section>
      <h2>
        {title} <span class="quiet">({ids.length})</span>
      </h2>
      <Scroll label={title} class="matrix-scroll tall">
        <table class="matrix">
          <thead>
            <tr>
              <th scope="col">claim</th>
              {columns.map(({ release }) => (
                <th scope="col">{release}</th>
              ))}
            </tr>
          </thead>
          {byFile(ids).map(([file, own]) => (
            <tbody>
              <tr>
                <th scope="rowgroup" colSpan={columns.length + 1}>
                  {file}
                </th>
              </tr>
              {own.map((id) => (
                <tr>
                  <td>{nameOf(id)}</td>
                  {columns.map((column) => (
                    <Cell column={column} claim={column.claims[id]} reasons={reasons} />
                  ))}
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </Scroll>
    </section>
  );
}

interface CellProps {
  readonly column: ReleaseColumn;
  readonly claim: ClaimOutcome | undefined;
  readonly reasons: readonly string[];
}

function Cell({ claim, column: { problem }, reasons }: CellProps) {
  if (claim === undefined) return <td class="cell none">{problem === undefined ? 'not tried' : problem.what}</td>;
  const { knownIssue, outcome, why } = claim;
  return (
    <td class={`cell ${outcome}`} title={why}>
      <span aria-hidden="true">{MARKS[outcome]}</span> {outcome}
      {outcome === 'skipped' && why !== undefined && (
        <a href={`#reason-${reasons.indexOf(why) + 1}`}>
          <sup>{reasons.indexOf(why) + 1}</sup>
        </a>
      )}
      {knownIssue !== undefined && <a href={knownIssue}> known issue</a>}
    </td>
  );
}

function Failures({ columns }: { columns: readonly ReleaseColumn[] }) {
  const failures = failuresOf(columns);
  if (failures.length === 0) return null;
  return (
    <section>
      <h2>Failures</h2>
      <ul class="failures">
        {failures.map(({ id, knownIssue, releases, why }) => (
          <li>
            <p>
              {why}
              {knownIssue !== undefined && <a href={knownIssue}> known issue</a>}
            </p>
            <p class="quiet">
              {releases.join(', ')}: {nameOf(id)}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ClaimFailure {
  readonly id: string;
  readonly why: string;
  readonly knownIssue?: string;
  readonly releases: readonly string[];
}

/** Failed claims, those of several releases with the same message once; those that known issues explain come last. */
function failuresOf(columns: readonly ReleaseColumn[]): readonly ClaimFailure[] {
  const found = new Map<string, ClaimFailure>();
  for (const { claims, release } of columns) {
    for (const [id, { knownIssue, outcome, why = '' }] of Object.entries(claims)) {
      if (outcome !== 'failed') continue;
      const key = `${id}\n${why}`;
      const releases = [...(found.get(key)?.releases ?? []), release];
      found.set(key, { id, why, releases, ...(knownIssue === undefined ? {} : { knownIssue }) });
    }
  }
  return [...found.values()].sort((a, b) => Number('knownIssue' in a) - Number('knownIssue' in b));
}

function reasonsOf(columns: readonly ReleaseColumn[]): readonly string[] {
  const claims = columns.flatMap((column) => Object.values(column.claims));
  return [...new Set(claims.flatMap(({ outcome, why }) => (outcome === 'skipped' && why !== undefined ? [why] : [])))];
}

function nameOf(id: string): string {
  return id.split(' > ').slice(1).join(' › ');
}

const root = document.getElementById('page');
if (root) render(<Page report={embedded<ReleasesReport>()} />, root);
