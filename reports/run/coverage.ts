import type { RunFacts } from '../../helpers/contract/run-facts.ts';
import { defined } from '../../helpers/defined.ts';
import { hundredths, quantile } from '../../helpers/text/statistics.ts';
import type { Coverage, Method, Test } from '../model.ts';
import { type EffectInput, effectsOf, measurementsOf } from './effects.ts';

/**
 * Reasons why no spec calls an RPC method, by method, for all targets (`everywhere`) or one; the content of
 * `suites/uncovered.json`.
 */
export type Excuses = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What is known about the coverage of the agent's API besides the tests. */
export interface CoverageInput extends EffectInput {
  readonly excuses: Excuses;
}

/** The declared RPC methods that the tests called, with their statuses and proved effects. `facts` are those of the tests' runs. */
export function coverageOf(tests: readonly Test[], facts: readonly RunFacts[], input: CoverageInput): Coverage {
  const { excuses } = input;
  const declared = [...new Set(facts.flatMap((run) => run.declared))];
  const targets = facts.map(({ target }) => target);
  const everywhere = excuses['everywhere'] ?? {};
  const reasons = new Map(['everywhere', ...targets].flatMap((where) => Object.entries(excuses[where] ?? {})));
  const known = new Set(declared);
  const called = new Set(tests.flatMap(({ calls }) => calls.map(({ method }) => method)));
  const all = [...new Set([...declared, ...called])].sort();
  const effects = effectsOf(tests, facts, input);
  const methods = all.map((method) => ({
    ...methodOf(method, tests, known.has(method), reasons.get(method)),
    ...effects(method),
  }));
  return {
    methods,
    declared: known.size,
    covered: declared.filter((method) => called.has(method)).length,
    missing: [...known].filter((method) => !called.has(method) && !reasons.has(method)).sort(),
    stale: Object.keys(everywhere)
      .filter((method) => called.has(method))
      .sort(),
    ...measurementsOf(facts, input),
    unproved: methods.flatMap(unprovedOf),
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

/** What of a method was measured, and is neither proved nor excused. */
function unprovedOf({ effect, fields, method }: Method): string[] {
  if (effect === undefined) return [];
  const itself = effect.provedBy === undefined && effect.excuse === undefined ? [method] : [];
  return [...itself, ...(fields?.unproved ?? []).map((field) => `${method}.${field}`)];
}

function okFirst(a: string, b: string): number {
  if (a === 'ok' || b === 'ok') return a === 'ok' ? -1 : 1;
  return a.localeCompare(b);
}
