import { ConfigError } from '../../../helpers/errors.ts';
import { findMethod, resolveMute } from '../../../helpers/rpc/resolve-mute.ts';
import { literalPattern } from '../../../helpers/text/literal-pattern.ts';
import type { ProtoSet } from '../../../protos/describe.ts';
import { isUnderTest } from '../../../protos/load.ts';
import { describeUnderTest } from '../../../protos/under-test.ts';
import { isMethod, methodOf } from './mute-verdict.ts';
import type { Report, ReportedTest } from './run-suites.ts';
import type { Candidate } from './trials.ts';

/** Generations of the agent that have protos of their own. */
const GENERATIONS = ['skopeo', 'guest-pull'] as const;

/**
 * Checks the names that the user gave, before the suites run: each must be a method or field in the protos of an agent,
 * with KATA_PROTOS of that checkout, or of a shim. Throws {@link ConfigError}.
 */
export function checkNames(names: readonly string[], directory: string | undefined): void {
  const sets =
    names.length === 0
      ? []
      : GENERATIONS.map((generation) => describeUnderTest({ generation, directory }, { shim: true }));
  for (const name of names) {
    const problems = sets.flatMap((protos) => problemOf(name, protos));
    // Which protos apply is known only when set-up has found the agent.
    if (problems.length === sets.length) throw problems[0];
  }
}

/** The error for a name that these protos do not have; empty if they have it. */
function problemOf(name: string, protos: ProtoSet): readonly ConfigError[] {
  try {
    resolveMute(name, protos);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return [error];
    throw error;
  }
}

/** Which values of KATA_MUTE to try. */
export interface Wanted {
  /** Methods, each with its fields, and fields, each with those below; all by default. */
  readonly names: readonly string[];
  /** `methods` or `fields` alone; both by default. */
  readonly only?: 'methods' | 'fields' | undefined;
}

/**
 * The values of KATA_MUTE to try, each with the tests that can prove its effect, by a report of the suites in which
 * nothing was withheld. A method can be proved by a test in which the agent accepted a call of it, a field by a test in
 * which a request set it. Throws {@link ConfigError} for a name that neither agent nor shim has.
 */
export function chooseMutes(
  { names, only }: Wanted,
  truth: Pick<Report, 'tests' | 'coverage'>,
): ReadonlyMap<string, readonly Candidate[]> {
  const known = truth.coverage.methods.filter(({ declared, method }) => declared && isUnderTest(method));
  const methods = known.map(({ method }) => method);
  const full = names.map((name) => findMethod(methodOf(name), methods) + name.slice(methodOf(name).length));
  const wanted = (mute: string): boolean =>
    (only === undefined || isMethod(mute) === (only === 'methods')) &&
    (full.length === 0 || full.some((name) => mute === name || mute.startsWith(`${name}.`)));
  const candidates = new Map<string, Candidate[]>();
  for (const test of truth.tests.filter(({ outcome }) => outcome === 'passed')) {
    const candidate = { test: plainId(test), durationMs: test.durationMs };
    for (const mute of mutesOf(test, new Set(methods)))
      if (wanted(mute)) candidates.set(mute, [...(candidates.get(mute) ?? []), candidate]);
  }
  return candidates;
}

/** The methods and fields whose effect a test can prove. */
function mutesOf({ calls }: ReportedTest, known: ReadonlySet<string>): ReadonlySet<string> {
  const declared = calls.filter(({ method }) => known.has(method));
  const accepted = declared.filter(({ status }) => status === 'ok').map(({ method }) => method);
  return new Set([
    ...accepted,
    ...declared.flatMap(({ fields = [], method }) => fields.map((field) => `${method}.${field}`)),
  ]);
}

/** A test's id without the number by which a report tells tests of the same name apart. */
export function plainId({ id }: Pick<ReportedTest, 'id'>): string {
  return id.replace(/ \(\d+\)$/, '');
}

/** The spec file of a test, by its id. */
export function fileOf(test: string): string {
  return test.split(' > ', 1)[0] ?? '';
}

/** Value of Vitest's `-t` that selects these tests, by groups and name. */
export function namePattern(tests: readonly string[]): string {
  const patterns = tests.map((id) => id.split(' > ').slice(1).map(literalPattern).join('.{1,3}'));
  return [...new Set(patterns)].join('|');
}
