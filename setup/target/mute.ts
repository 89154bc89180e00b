import type { Mute } from '../../helpers/contract/mute.ts';
import type { AgentUnderTest } from '../../helpers/contract/target.ts';
import { ConfigError, messageOf } from '../../helpers/errors.ts';
import type { Config } from '../config/validated.ts';

/** Resolves `KATA_MUTE` by the protos that a run loads for the agent. Rejects with {@link ConfigError}. */
export async function muteOf(
  { mute, protos }: Pick<Config, 'mute' | 'protos'>,
  agent: Pick<AgentUnderTest, 'generation' | 'protos'>,
): Promise<{ readonly mute?: Mute }> {
  if (mute === undefined) return {};
  // Imported dynamically: loading gRPC is slow, and runs without KATA_MUTE do not need it.
  const [{ resolveMute }, { describeProtos }, { agentProtoDirectory }] = await Promise.all([
    import('../../helpers/rpc/resolve-mute.ts'),
    import('../../protos/describe.ts'),
    import('../../protos/load.ts'),
  ]);
  const directory = agentProtoDirectory({ generation: agent.generation, directory: protos ?? agent.protos });
  try {
    return { mute: resolveMute(mute, describeProtos(directory)) };
  } catch (cause) {
    throw new ConfigError(`KATA_MUTE=${mute}: ${messageOf(cause)}`, { cause });
  }
}
