import type { Measurement, Proofs } from '../../helpers/contract/proofs.ts';
import { subjectKey } from '../../helpers/contract/results-file.ts';
import type { RunFacts } from '../../helpers/contract/run-facts.ts';
import { type Unproved, whyUnproved } from '../../helpers/contract/unproved.ts';
import type { Coverage, Method, Test } from '../model.ts';

/** What is known about the effect of the methods and fields that tests use. */
export interface EffectInput {
  /** Content of suites/proofs.json. */
  readonly proofs: Proofs;
  /** Content of suites/unproved.json. */
  readonly unproved: Unproved;
}

/** The measurements of the targets and agents of a run, as text: where, when and with which agent. */
export function measurementsOf(
  facts: readonly RunFacts[],
  { proofs }: EffectInput,
): Pick<Coverage, 'measured' | 'unmeasured'> {
  const texts = new Map(facts.map((run) => [keyOf(run), textOf(run, proofs[keyOf(run)])]));
  const known = (key: string): boolean => proofs[key] !== undefined;
  return {
    measured: [...texts].flatMap(([key, text]) => (known(key) ? [text] : [])),
    unmeasured: [...texts.keys()].filter((key) => !known(key)),
  };
}

function keyOf({ agent, target }: RunFacts): string {
  return subjectKey({ target, kind: agent.kind, generation: agent.generation });
}

function textOf({ agent, target }: RunFacts, measurement: Measurement | undefined): string {
  const { agent: version = '', measured = '' } = measurement ?? {};
  const other = version === agent.version ? '' : `, another version than ${agent.version} of this run`;
  return `on ${measured}, target ${target}, ${agent.kind} ${version}${other}`;
}

/** The effect and the fields of an agent's method, for the report. */
export type Effects = (method: string) => Pick<Method, 'effect' | 'fields'>;

/**
 * Returns a function for the effect and the fields of a method. A proof counts unless its test failed here, or is
 * missing although its file ran.
 */
export function effectsOf(tests: readonly Test[], facts: readonly RunFacts[], input: EffectInput): Effects {
  const measurements = facts.flatMap((run) => input.proofs[keyOf(run)] ?? []);
  const proved = new Map(measurements.flatMap((measurement) => Object.entries(measurement.proved)));
  const holds = proofsThatHold(tests);
  const provedBy = (name: string): string | undefined => {
    const test = proved.get(name);
    return test !== undefined && holds(test) ? test : undefined;
  };
  const why = (name: string): string | undefined =>
    whyUnproved(
      input.unproved,
      name,
      facts.map(({ target }) => target),
    );
  const accepted = new Set(
    tests.flatMap(({ calls }) => calls.flatMap((call) => (call.status === 'ok' ? [call.method] : []))),
  );
  return (method) => {
    const declared = new Set(facts.flatMap(({ fields }) => fields[method] ?? []));
    const ofAgent = facts.some(({ fields }) => method in fields);
    if (!ofAgent) return {};
    const by = provedBy(method);
    const excuse = by === undefined ? why(method) : undefined;
    const effect = { ...(by === undefined ? {} : { provedBy: by }), ...(excuse === undefined ? {} : { excuse }) };
    return {
      ...(accepted.has(method) && measurements.length > 0 ? { effect } : {}),
      fields: fieldsOf(method, [...declared], tests, { provedBy, why }),
    };
  };
}

function fieldsOf(
  method: string,
  declared: readonly string[],
  tests: readonly Test[],
  { provedBy, why }: Readonly<Record<'provedBy' | 'why', (name: string) => string | undefined>>,
): NonNullable<Method['fields']> {
  const calls = tests.flatMap((test) => test.calls.filter((call) => call.method === method));
  const set = new Set(calls.flatMap(({ fields }) => fields));
  const full = (field: string): string => `${method}.${field}`;
  const isExcused = (field: string): boolean => why(full(field)) !== undefined;
  const isProved = (field: string): boolean => provedBy(full(field)) !== undefined;
  return {
    declared: declared.length,
    excused: declared.filter((field) => isExcused(field)).length,
    set: set.size,
    proved: [...set].filter(isProved).length,
    unproved: [...set].filter((field) => !isProved(field) && !isExcused(field)).sort(),
    unset: declared.filter((field) => !set.has(field) && !isExcused(field)).sort(),
  };
}

/** Whether a proof by a test holds in this run. */
function proofsThatHold(tests: readonly Test[]): (test: string) => boolean {
  const outcomes = new Map(tests.map(({ id, outcome }) => [id, outcome]));
  const files = new Set(tests.map(({ file }) => file));
  return (test) => (outcomes.has(test) ? outcomes.get(test) !== 'failed' : !files.has(test.split(' > ', 1)[0] ?? ''));
}
