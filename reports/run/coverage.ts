import { defined } from '../../helpers/defined.ts';
import { hundredths, quantile } from '../../helpers/text/statistics.ts';
import type { Coverage, Method, Test } from '../model.ts';

/**
 * Reasons why no spec calls an RPC method, by method, for all targets (`everywhere`) or one; the content of
 * `suites/uncovered.json`.
 */
export type Excuses = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The declared RPC methods that the tests called, with their statuses. `targets` are those on which the tests ran. */
export function coverageOf(
  tests: readonly Test[],
  declared: readonly string[],
  targets: readonly string[],
  excuses: Excuses,
): Coverage {
  const everywhere = excuses['everywhere'] ?? {};
  const reasons = new Map(['everywhere', ...targets].flatMap((where) => Object.entries(excuses[where] ?? {})));
  const known = new Set(declared);
  const called = new Set(tests.flatMap(({ calls }) => calls.map(({ method }) => method)));
  const all = [...new Set([...declared, ...called])].sort();
  const methods = all.map((method) => methodOf(method, tests, known.has(method), reasons.get(method)));
  return {
    methods,
    declared: known.size,
    covered: declared.filter((method) => called.has(method)).length,
    missing: [...known].filter((method) => !called.has(method) && !reasons.has(method)).sort(),
    stale: Object.keys(everywhere)
      .filter((method) => called.has(method))
      .sort(),
  };
}

function methodOf(method: string, tests: readonly Test[], declared: boolean, excuse: string | undefined): Method {
  const callers = tests.filter(({ calls }) => calls.some((call) => call.method === method));
  const calls = callers.flatMap((test) => test.calls.filter((call) => call.method === method));
  const statuses = [...new Set(calls.map(({ status }) => status))].sort(okFirst);
  const times = calls.filter(({ status }) => status === 'ok').flatMap(({ durationsMs }) => durationsMs);
  return {
    method,
    declared,
    tests: callers.length,
    outcomes: statuses.map((status) => ({
      status,
      count: calls.filter((call) => call.status === status).reduce((sum, call) => sum + call.durationsMs.length, 0),
    })),
    ...(times.length === 0
      ? {}
      : {
          latency: {
            p50: hundredths(quantile(times, 0.5)),
            p95: hundredths(quantile(times, 0.95)),
            max: hundredths(quantile(times, 1)),
          },
        }),
    ...defined({ excuse }),
  };
}

function okFirst(a: string, b: string): number {
  if (a === 'ok' || b === 'ok') return a === 'ok' ? -1 : 1;
  return a.localeCompare(b);
}
