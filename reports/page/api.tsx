import type { Method, RunReport } from '../model.ts';
import { duration, shortMethod } from './format.ts';
import { Scroll } from './scroll.tsx';

/** Columns of the table. */
const COLUMNS = 9;

/**
 * The agent's API in the report: called methods with statuses, latencies and proved effects, and the methods that were not
 * called.
 */
export function Api({ report }: { report: RunReport }) {
  const services = [...new Set(report.coverage.methods.map(({ method }) => serviceOf(method)))];
  return (
    <>
      <p>
        {report.coverage.covered} of {report.coverage.declared} declared methods called
        {report.coverage.missing.length > 0 && `; ${report.coverage.missing.length} have neither a spec nor an excuse`}.{' '}
        {measuredText(report)}
      </p>
      <Scroll label="API coverage">
        <table class="api">
          <thead>
            <tr>
              <th scope="col">method</th>
              <th scope="col" class="number">
                tests
              </th>
              <th scope="col">statuses</th>
              <th scope="col">
                successful calls <Scale />
              </th>
              <th scope="col" class="number">
                median
              </th>
              <th scope="col" class="number">
                95 %
              </th>
              <th scope="col" class="number">
                longest
              </th>
              <th scope="col">effect proved</th>
              <th scope="col">fields proved / set / declared</th>
            </tr>
          </thead>
          {services.map((service) => (
            <tbody>
              <tr>
                <th scope="rowgroup" colSpan={COLUMNS}>
                  {service}
                </th>
              </tr>
              {report.coverage.methods
                .filter(({ method }) => serviceOf(method) === service)
                .map((method) => (
                  <Line method={method} report={report} />
                ))}
            </tbody>
          ))}
        </table>
      </Scroll>
    </>
  );
}

function Line({ method, report }: { method: Method; report: RunReport }) {
  const { excuse, latency, outcomes, tests } = method;
  if (tests === 0) {
    return (
      <tr class={excuse === undefined ? 'missing' : 'excused'}>
        <td>{shortMethod(method.method)}</td>
        <td colSpan={COLUMNS - 1}>{excuse ?? 'no spec calls it'}</td>
      </tr>
    );
  }
  return (
    <tr>
      <td>
        {shortMethod(method.method)}
        {method.declared ? '' : ' (not declared)'}
      </td>
      <td class="number">{tests}</td>
      <td>{outcomes.map(({ count, status }) => `${count} ${status}`).join(', ')}</td>
      <td>{latency !== undefined && <Dots times={timesOf(method.method, report)} />}</td>
      {[latency?.p50, latency?.p95, latency?.max].map((ms) => (
        <td class="number">{ms === undefined ? '' : duration(ms)}</td>
      ))}
      <td>
        <Effect method={method} />
      </td>
      <td>
        <Fields method={method} />
      </td>
    </tr>
  );
}

/** Whether a test fails if the method is never sent, and which. */
function Effect({ method: { effect } }: { method: Method }) {
  if (effect === undefined) return null;
  const { excuse, provedBy } = effect;
  if (provedBy !== undefined) return <span title={provedBy}>yes</span>;
  return excuse === undefined ? <strong>no</strong> : <span title={excuse}>excused: {excuse}</span>;
}

/** How many fields of the method's requests tests prove and set, and on demand which ones they do not. */
function Fields({ method: { effect, fields } }: { method: Method }) {
  if (fields === undefined || fields.declared === 0) return null;
  const { declared, excused, proved, set, unproved, unset } = fields;
  const counts = `${effect === undefined ? '–' : proved} / ${set} / ${declared}`;
  const lists = [
    ['set without proof', unproved],
    ['never set', unset],
  ] as const;
  return (
    <details>
      <summary>
        {counts}
        {excused > 0 && ` (${excused} excused)`}
      </summary>
      {lists
        .filter(([, names]) => names.length > 0)
        .map(([what, names]) => (
          <p>
            {what}: {names.join(', ')}
          </p>
        ))}
    </details>
  );
}

/** Where, when and with which agent the effects on the page were measured. */
function measuredText({ coverage: { measured, unmeasured } }: RunReport): string {
  return [
    ...measured.map((where) => `Effects were measured ${where}.`),
    ...unmeasured.map((subject) => `No effects were measured for ${subject}.`),
  ].join(' ');
}

function timesOf(method: string, { tests }: RunReport): number[] {
  return tests.flatMap(({ calls }) =>
    calls.filter((call) => call.method === method && call.status === 'ok').flatMap(({ durationsMs }) => durationsMs),
  );
}

const WIDTH = 220;
/** Range of the latency axis as powers of ten of milliseconds: 0.1 ms to 100 s. */
const [LOWEST, HIGHEST] = [-1, 5];
/** Maximum number of dots in a row of the latency chart; more are not distinguishable. */
const MOST_DOTS = 200;

function position(ms: number): number {
  const decade = Math.log10(Math.max(10 ** LOWEST, ms));
  return ((Math.min(HIGHEST, decade) - LOWEST) / (HIGHEST - LOWEST)) * WIDTH;
}

function Dots({ times }: { times: readonly number[] }) {
  const every = Math.max(1, Math.ceil(times.length / MOST_DOTS));
  const shown = [...times]
    .sort((a, b) => a - b)
    .filter((_, index) => index % every === 0 || index === times.length - 1);
  return (
    <svg class="dots" width={WIDTH} height={12} aria-hidden="true">
      {[0, 1, 2, 3, 4].map((decade) => (
        <line class="tick" x1={position(10 ** decade)} x2={position(10 ** decade)} y1={0} y2={12} />
      ))}
      {shown.map((ms) => (
        <circle cx={position(ms)} cy={6} r={2} />
      ))}
    </svg>
  );
}

/** Scale of the latency chart, with a label at every other tick. */
function Scale() {
  return (
    <svg class="dots" width={WIDTH} height={14} aria-hidden="true">
      {[0, 2, 4].map((decade) => (
        <text x={position(10 ** decade)} y={11}>
          {duration(10 ** decade).replace('.0', '')}
        </text>
      ))}
    </svg>
  );
}

function serviceOf(method: string): string {
  return method.slice(0, method.lastIndexOf('/'));
}
