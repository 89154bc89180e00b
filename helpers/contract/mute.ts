/**
 * What the client withholds from the agent (`KATA_MUTE`): an RPC method, or one field of its requests. A spec that
 * stays green nevertheless does not prove the effect of that method or field.
 */
export interface Mute {
  /**
   * Full name of the withheld method or field, in the spelling of the protos:
   * `grpc.AgentService/ExecProcess.process.Cwd`.
   */
  readonly name: string;
  /** Full name of the RPC method that is withheld, or whose field is. */
  readonly method: string;
  /**
   * The fields that lead from the request to the withheld one, which is the last; absent if the whole method is
   * withheld.
   */
  readonly path?: readonly PathStep[];
}

/** One step of the path from a request to a field. */
export interface PathStep {
  /** Name of the field in our messages, in camelCase; all members of a oneof, if the path names the oneof. */
  readonly names: readonly string[];
  /** Whether the field is a map; the next step of the path then applies to the map's values. */
  readonly map?: true;
}

/**
 * What the client withholds in each test of a run; in all other tests it withholds nothing. `pnpm kata mutants --mute` runs
 * the suites so.
 */
export interface MutesByTest {
  /** The path of the file that lists the tests. */
  readonly name: string;
  /** The withheld methods and fields by the test's file, groups and name, joined by ` > `. */
  readonly tests: Readonly<Record<string, readonly Mute[]>>;
  /** Timeout of the tests of each spec file, in milliseconds, by the file's path relative to the project. */
  readonly timeoutsMs: Readonly<Record<string, number>>;
}

/** Whether each test of the run has methods and fields of its own that the client withholds. */
export function isByTest(mute: Mute | MutesByTest | undefined): mute is MutesByTest {
  return mute !== undefined && 'tests' in mute;
}

/** What the client withholds in a test; `undefined` if no test runs. */
export function mutesOf(mute: Mute | MutesByTest | undefined, test: string | undefined): readonly Mute[] {
  if (mute === undefined) return [];
  return isByTest(mute) ? (mute.tests[test ?? ''] ?? []) : [mute];
}

/** The sentence in which the report of a run with `KATA_MUTE` says that the run proves nothing about Kata. */
export function muteNote(mute: Mute | MutesByTest): string {
  return `The client is muted (KATA_MUTE): ${withheld(mute)}. This run shows which specs notice; it proves nothing about Kata.`;
}

function withheld(mute: Mute | MutesByTest): string {
  if (isByTest(mute)) return `each test lacks the methods or fields that ${mute.name} names`;
  const { method, name, path } = mute;
  return path === undefined ? `${method} is answered by our client and never sent` : `${name} is never sent`;
}
