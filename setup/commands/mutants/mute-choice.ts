import { ConfigError } from '../../../helpers/errors.ts';
import { findMethod, resolveMute } from '../../../helpers/rpc/resolve-mute.ts';
import { literalPattern } from '../../../helpers/text/literal-pattern.ts';
import { describeProtos, type ProtoSet } from '../../../protos/describe.ts';
import { agentProtoDirectory, isOfAgent } from '../../../protos/load.ts';
import { provers } from './mute-verdict.ts';
import type { Report, ReportedTest } from './run-suites.ts';

/** Generations of the agent that have protos of their own. */
const GENERATIONS = ['skopeo', 'guest-pull'] as const;

/** A value of KATA_MUTE to try, and the tests that can prove the effect of what it withholds. */
export interface MuteChoice {
  /** Full name of the RPC method, or of a field of its requests, for KATA_MUTE. */
  readonly muted: string;
  readonly provers: readonly ReportedTest[];
}

/**
 * Checks the names that the user gave, before the suites run: each must be a method or field in the protos of an agent,
 * or, with KATA_PROTOS, of that checkout. Throws {@link ConfigError}.
 */
export function checkNames(names: readonly string[], directory: string | undefined): void {
  const directories = new Set(GENERATIONS.map((generation) => agentProtoDirectory({ generation, directory })));
  const sets = names.length === 0 ? [] : [...directories].map((each) => describeProtos(each));
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

/**
 * Chooses values of KATA_MUTE by a report of the suites in which nothing was withheld: the methods and fields that the
 * user names, or, without names, all methods of the agent that a test calls with success. Throws {@link ConfigError}.
 */
export function chooseMutes(
  names: readonly string[],
  truth: Pick<Report, 'tests' | 'coverage'>,
): readonly MuteChoice[] {
  const known = truth.coverage.methods.filter(({ declared, method }) => declared && isOfAgent(method));
  const methods = known.map(({ method }) => method);
  if (names.length > 0)
    return names.map((name) => {
      const method = methodOf(name);
      const full = findMethod(method, methods);
      return { muted: full + name.slice(method.length), provers: provers(truth, full) };
    });
  const all = methods.map((method) => ({ muted: method, provers: provers(truth, method) }));
  return all.filter(({ provers: { length } }) => length > 0);
}

/** The method in a value of KATA_MUTE, `package.Service/Method.path.to.field`. */
function methodOf(name: string): string {
  const dot = name.indexOf('.', name.indexOf('/') + 1);
  return dot === -1 ? name : name.slice(0, dot);
}

/**
 * Value of Vitest's `-t` that selects these tests, by groups and name. The pattern is not anchored: a test may have
 * been numbered.
 */
export function namePattern(tests: readonly Pick<ReportedTest, 'file' | 'id'>[]): string {
  const patterns = tests.map(({ file, id }) => {
    const name = id
      .slice(file.length)
      .replace(/^ > /, '')
      .replace(/ \(\d+\)$/, '');
    return name.split(' > ').map(literalPattern).join('.{1,3}');
  });
  return patterns.join('|');
}
