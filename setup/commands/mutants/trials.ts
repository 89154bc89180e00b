/** A test to run without some methods and fields. */
export interface Trial {
  readonly test: string;
  /** Names of the methods and fields, as in KATA_MUTE. */
  readonly mutes: readonly string[];
}

/** A test that can prove the effect of a method or field. */
export interface Candidate {
  readonly test: string;
  readonly durationMs: number;
}

/** Finds, for each method and field, a test that fails without it. */
export interface Trials {
  /** The trials that can run next, at most one for each test; empty at the end. */
  next(): readonly Trial[];
  /** Takes the result of a trial: `red` if the test failed because of what was withheld. */
  take(trial: Trial, red: boolean): void;
  /** The methods and fields without which a test failed, each with the test. */
  readonly proved: ReadonlyMap<string, string>;
  /** The methods and fields without which no test has failed yet. */
  readonly open: readonly string[];
}

/**
 * Plans trials for methods and fields, by the tests that can prove their effect. Each is first withheld alone, in the
 * candidate with the fewest such trials. What no test noticed is then withheld together in each of its candidates: a
 * test that passes proves none of it; if the test fails, each half is withheld by itself. So a field that a hundred tests set
 * and none proves costs no run of the suites of its own. Only a test that fails while one method or field is withheld
 * proves it.
 */
export function planTrials(candidates: ReadonlyMap<string, readonly Candidate[]>): Trials {
  const open = new Set([...candidates].filter(([, { length }]) => length > 0).map(([mute]) => mute));
  const proved = new Map<string, string>();
  const queues = firstTrials(candidates);
  const single = new Map([...queues].flatMap(([test, trials]) => trials.flat().map((mute) => [mute, test] as const)));
  const groups = groupsOf(candidates, single);
  const awaitsFirst = (): ReadonlySet<string> =>
    new Set([...queues.values()].flat().flatMap((mutes) => (mutes.length === 1 ? mutes : [])));
  const nextOf = (test: string): readonly string[] => {
    const queue = queues.get(test) ?? [];
    for (let mutes = queue.shift(); mutes !== undefined; mutes = queue.shift()) {
      const left = mutes.filter((mute) => open.has(mute));
      if (left.length > 0) return left;
    }
    return [];
  };
  return {
    proved,
    get open() {
      return [...open];
    },
    next() {
      const first = awaitsFirst();
      for (const [test, group] of groups) {
        if (group.some((mute) => open.has(mute) && first.has(mute))) continue;
        queues.set(test, [...(queues.get(test) ?? []), group]);
        groups.delete(test);
      }
      const trials = [...queues.keys()].map((test) => ({ test, mutes: nextOf(test) }));
      return trials.filter(({ mutes }) => mutes.length > 0);
    },
    take({ mutes, test }, red) {
      const [only = '', ...others] = mutes;
      if (!red) return;
      if (others.length > 0) {
        const middle = Math.ceil(mutes.length / 2);
        queues.set(test, [...(queues.get(test) ?? []), mutes.slice(0, middle), mutes.slice(middle)]);
        return;
      }
      open.delete(only);
      proved.set(only, test);
    },
  };
}

/** By test, the trials in which one method or field is withheld; those with few candidates choose first. */
function firstTrials(candidates: ReadonlyMap<string, readonly Candidate[]>): Map<string, (readonly string[])[]> {
  const queues = new Map<string, (readonly string[])[]>();
  const load = (test: string): number => queues.get(test)?.length ?? 0;
  for (const [mute, tests] of [...candidates].sort(([, a], [, b]) => a.length - b.length)) {
    const [best] = [...tests].sort((a, b) => load(a.test) - load(b.test) || a.durationMs - b.durationMs);
    if (best !== undefined) queues.set(best.test, [...(queues.get(best.test) ?? []), [mute]]);
  }
  return queues;
}

/** By test, all that it can prove besides its first trials. */
function groupsOf(
  candidates: ReadonlyMap<string, readonly Candidate[]>,
  single: ReadonlyMap<string, string>,
): Map<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>();
  for (const [mute, tests] of candidates)
    for (const { test } of tests) if (single.get(mute) !== test) groups.set(test, [...(groups.get(test) ?? []), mute]);
  return groups;
}
