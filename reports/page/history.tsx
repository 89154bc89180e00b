import type { Outcome, RunReport, Table } from '../model.ts';
import { duration, MARKS, many, moment } from './format.ts';
import { byFile } from './group.ts';
import { Scroll } from './scroll.tsx';

/** The scenario matrix: outcomes of every test on every target and generation in the history. */
export function Matrix({ report, onOpen }: { report: RunReport; onOpen: (id: string) => void }) {
  const { matrix } = report;
  const ids = [
    ...new Set([...report.tests.map(({ id }) => id), ...matrix.flatMap(({ outcomes }) => Object.keys(outcomes))]),
  ];
  const here = new Set(report.tests.map(({ id }) => id));
  return (
    <Scroll label="tests by target and generation" class="matrix-scroll">
      <table class="matrix">
        <thead>
          <tr>
            <th scope="col">test</th>
            {matrix.map(({ at, subject }) => (
              <th scope="col">
                {subject}
                <br />
                <span class="quiet">{moment(at)}</span>
              </th>
            ))}
          </tr>
        </thead>
        {byFile(ids).map(([file, own]) => (
          <tbody>
            <tr>
              <th scope="rowgroup" colSpan={matrix.length + 1}>
                {file}
              </th>
            </tr>
            {own.map((id) => (
              <tr>
                <td>
                  {here.has(id) ? (
                    <button type="button" class="link" onClick={() => onOpen(id)}>
                      {id.split(' > ').slice(1).join(' › ')}
                    </button>
                  ) : (
                    id.split(' > ').slice(1).join(' › ')
                  )}
                </td>
                {matrix.map(({ outcomes }) => (
                  <Cell outcome={outcomes[id]} />
                ))}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </Scroll>
  );
}

function Cell({ outcome }: { outcome: Outcome | undefined }) {
  if (outcome === undefined) return <td class="cell none">not run</td>;
  return (
    <td class={`cell ${outcome}`}>
      <span aria-hidden="true">{MARKS[outcome]}</span> {outcome}
    </td>
  );
}

const BAR = 12;
const TALL = 48;

/** The trend: outcomes of earlier full runs of the same subject, changes, and time budgets. */
export function Trend({ report, onOpen }: { report: RunReport; onOpen: (id: string) => void }) {
  const { changes, trend } = report;
  const most = Math.max(1, ...trend.map(({ passed, failed, flaky }) => passed + failed + flaky));
  const all = [
    ...changes.failing.map((change) => ({ ...change, kind: 'newly failing' })),
    ...changes.flaky.map((change) => ({ ...change, kind: 'flaky' })),
    ...changes.slow.map((change) => ({ ...change, kind: 'newly slow' })),
  ];
  return (
    <>
      <p>
        {many(trend.length, 'full run')} of the same target, generation and agent
        {report.full ? ', including this one' : ' (this run was partial and is not included)'}; the height of a bar is
        the number of tests.
      </p>
      <svg
        class="trend"
        width={trend.length * BAR}
        height={TALL}
        role="img"
        aria-label={`outcome of ${many(trend.length, 'run')}`}
      >
        {trend.map(({ at, commit, durationMs, failed, flaky, passed }, index) => {
          const height = (count: number): number => (count / most) * TALL;
          const x = index * BAR;
          return (
            <g>
              <title>{`${moment(at)} ${commit}: ${passed} passed, ${failed} failed, ${flaky} flaky in ${duration(durationMs)}`}</title>
              <rect class="passed" x={x} y={TALL - height(passed)} width={BAR - 2} height={height(passed)} />
              <rect class="flaky" x={x} y={TALL - height(passed + flaky)} width={BAR - 2} height={height(flaky)} />
              <rect
                class="failed"
                x={x}
                y={TALL - height(passed + flaky + failed)}
                width={BAR - 2}
                height={height(failed)}
              />
            </g>
          );
        })}
      </svg>
      {all.length === 0 ? (
        <p class="quiet">No newly failing, newly slow or flaky tests.</p>
      ) : (
        <ul class="plain">
          {all.map(({ id, kind, what }) => (
            <li>
              <b>{kind}</b>{' '}
              <button type="button" class="link" onClick={() => onOpen(id)}>
                {id.split(' > ').slice(1).join(' › ')}
              </button>{' '}
              <span class="quiet">{what}</span>
            </li>
          ))}
        </ul>
      )}
      <Budgets report={report} />
    </>
  );
}

function Budgets({ report }: { report: RunReport }) {
  if (report.budgets.length === 0) return null;
  return (
    <table class="budgets">
      <caption>Budgets, as multiples of the run's pull of the small image</caption>
      <thead>
        <tr>
          <th scope="col">operation</th>
          <th scope="col" class="number">
            duration
          </th>
          <th scope="col" class="number">
            ratio
          </th>
          <th scope="col" class="number">
            budget
          </th>
          <th scope="col">earlier runs</th>
        </tr>
      </thead>
      <tbody>
        {report.budgets.map(({ limit, ms, name, ratio, samples }) => (
          <tr class={ratio > limit ? 'over' : ''}>
            <td>
              {name} <span class="quiet">{many(samples, 'sample')}</span>
            </td>
            <td class="number">{duration(ms)}</td>
            <td class="number">{ratio.toFixed(2)}</td>
            <td class="number">{limit}</td>
            <td>
              <Spark values={report.trend.flatMap(({ budgets }) => budgets[name] ?? [])} limit={limit} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Spark({ values, limit }: { values: readonly number[]; limit: number }) {
  const top = Math.max(limit, ...values);
  const points = values.map((value, index) => `${index * 4 + 2},${(20 - (value / top) * 18).toFixed(1)}`);
  return (
    <svg class="spark" width={Math.max(8, values.length * 4)} height={20} aria-hidden="true">
      <line class="tick" x1={0} x2={values.length * 4} y1={20 - (limit / top) * 18} y2={20 - (limit / top) * 18} />
      <polyline points={points.join(' ')} />
    </svg>
  );
}

/** Tables of other commands in the report: mutants, benchmarks, faults, soak. */
export function Tables({ tables }: { tables: readonly Table[] }) {
  return (
    <>
      {tables.map(({ columns, notes, rows, title }) => (
        <Scroll label={title}>
          <table>
            <caption>{title}</caption>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th scope="col">{column}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr>
                  {row.map((cell) => (
                    <td class={typeof cell === 'number' ? 'number' : ''}>{cell === null ? '' : String(cell)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          {notes.map((note) => (
            <p class="quiet">{note}</p>
          ))}
        </Scroll>
      ))}
    </>
  );
}
