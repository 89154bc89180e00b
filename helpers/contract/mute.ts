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

/** The sentence in which the report of a run with `KATA_MUTE` says that the run proves nothing about Kata. */
export function muteNote({ method, name, path }: Mute): string {
  const what = path === undefined ? `${method} is answered by our client and never sent` : `${name} is never sent`;
  return `The client is muted (KATA_MUTE): ${what}. This run shows which specs notice; it proves nothing about Kata.`;
}
