/**
 * What our client withholds from the agent (`KATA_MUTE`): an RPC method, or one field of its requests. A spec that stays
 * green with it does not prove the effect of what is withheld.
 */
export interface Mute {
  /** Full name of what is muted, in the spelling of the protos: `grpc.AgentService/ExecProcess.process.Cwd`. */
  readonly name: string;
  /** Full name of the RPC method. */
  readonly method: string;
  /** The fields that lead from the request to the muted one, which is the last; absent if the whole method is muted. */
  readonly path?: readonly PathStep[];
}

/** One step of the path to a field. */
export interface PathStep {
  /** Name of the field in our messages, in camelCase; all members of a oneof, if the path names the oneof. */
  readonly names: readonly string[];
  /** Whether the field is a map, whose values the next step is applied to. */
  readonly map?: true;
}

/** What a muted run says about itself, in one sentence. */
export function muteNote({ method, name, path }: Mute): string {
  const what = path === undefined ? `${method} is answered by our client and never sent` : `${name} is never sent`;
  return `The client is muted (KATA_MUTE): ${what}. This run shows which specs notice; it proves nothing about Kata.`;
}
