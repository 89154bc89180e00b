import { satisfies } from 'semver';
import type { KataHypervisor } from '../kata/hypervisors.ts';
import type { KataRuntime } from '../kata/runtimes.ts';
import type { RunFacts } from './run-facts.ts';
import type { Generation, TargetName } from './target.ts';

/** A known failure or flake, valid until a date: an entry of suites/known-issues.json. */
export interface KnownIssue {
  /**
   * Id of the tests that the issue explains: of one test (`file > group > name`), of a group, a file, or a directory
   * (`suites/image/`).
   */
  readonly test: string;
  /** Targets on which the issue occurs. */
  readonly targets: readonly TargetName[];
  /** Generations of the agents with which the issue occurs; all by default. */
  readonly generations?: readonly Generation[];
  /** Kata's runtimes with which the issue occurs; all by default, and runs without one. */
  readonly runtimes?: readonly KataRuntime[];
  /** Hypervisors of the guests with which the issue occurs; all by default, and runs without one. */
  readonly hypervisors?: readonly KataHypervisor[];
  /** Releases of Kata with which the issue occurs, as a range of semantic versions (`>=3.8.0`); all by default. */
  readonly releases?: string;
  /** Fingerprint of the failures that the issue explains; any by default. */
  readonly fingerprint?: string;
  /** URL of the issue's discussion. */
  readonly issue: string;
  /** Limits the issue to failures whose message matches this regular expression; any by default. */
  readonly message?: string;
  /** How often Vitest retries a test that fails with this issue, in a running guest; never by default. */
  readonly retries?: number;
  /** Last day on which the known issue applies, `YYYY-MM-DD`. */
  readonly expires: string;
  readonly why: string;
}

/** Target, runtime, hypervisor, agent generation and version of a run: where a known issue may apply. */
export interface Place {
  readonly target: TargetName;
  readonly runtime?: KataRuntime | undefined;
  readonly hypervisor?: string | undefined;
  readonly generation: Generation;
  readonly version: string;
}

/** Whether an issue names a test, by the test's id, group, file or directory; never by a part of a name. */
export function namesTest({ test }: KnownIssue, id: string): boolean {
  // Reports add a number to the second of two tests with the same name: the number is ignored.
  if (id === test || id.replace(/ \(\d+\)$/, '') === test) return true;
  return id.startsWith(test.endsWith('/') ? test : `${test} > `);
}

/** Where a run is, for known issues. */
export function placeOf({
  agent,
  hypervisor,
  runtime,
  target,
}: Pick<RunFacts, 'agent' | 'hypervisor' | 'runtime' | 'target'>): Place {
  return { target, runtime, hypervisor, generation: agent.generation, version: agent.version };
}

/** Whether a known issue applies to this target, runtime, hypervisor, agent generation and release. */
export function isAbout(
  { generations, hypervisors, releases, runtimes, targets }: KnownIssue,
  { generation, hypervisor, runtime, target, version }: Place,
): boolean {
  return (
    targets.includes(target) &&
    (generations === undefined || generations.includes(generation)) &&
    (runtimes === undefined || (runtime !== undefined && runtimes.includes(runtime))) &&
    (hypervisors === undefined || hypervisors.some((name) => name === hypervisor)) &&
    (releases === undefined || satisfies(version, releases, { includePrerelease: true }))
  );
}

/** For which errors, and at most how often, Vitest retries a test. */
export interface Retry {
  readonly count: number;
  /** Whether an error is retried; each call that returns true uses up one retry. */
  readonly condition: (error: { readonly message?: unknown }) => boolean;
}

/**
 * The retries that the unexpired known issues grant a test on this target; `undefined` if none. Each issue has its own
 * count.
 */
export function retryOf(id: string, issues: readonly KnownIssue[], place: Place, today: string): Retry | undefined {
  const left = issues
    .filter((issue) => issue.expires >= today && namesTest(issue, id) && isAbout(issue, place))
    .flatMap(({ message, retries }) =>
      message === undefined || retries === undefined ? [] : [{ message: new RegExp(message), retries }],
    );
  if (left.length === 0) return undefined;
  return {
    count: left.reduce((sum, { retries }) => sum + retries, 0),
    condition: ({ message }) => {
      const text = typeof message === 'string' ? message : '';
      const granted = left.find((grant) => grant.retries > 0 && grant.message.test(text));
      if (granted === undefined) return false;
      granted.retries -= 1;
      return true;
    },
  };
}
