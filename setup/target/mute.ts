import type { Mute, MutesByTest } from '../../helpers/contract/mute.ts';
import type { AgentUnderTest } from '../../helpers/contract/target.ts';
import { ConfigError, messageOf } from '../../helpers/errors.ts';
import type { TargetedConfig } from '../config/validated.ts';

/**
 * Resolves `KATA_MUTE` by the protos that a run loads for the agent and, if the target has one, the shim. Rejects with
 * {@link ConfigError}.
 */
export async function muteOf(
  { mute, protos, target }: Pick<TargetedConfig, 'mute' | 'protos' | 'target'>,
  agent: Pick<AgentUnderTest, 'generation' | 'protos'>,
): Promise<{ readonly mute?: Mute | MutesByTest }> {
  if (mute === undefined) return {};
  // Imported dynamically: loading protobufjs and typebox is slow, and runs without KATA_MUTE do not need them.
  const [{ readMutesByTest }, { resolveMute }, { describeUnderTest }] = await Promise.all([
    import('./mutes-by-test.ts'),
    import('../../helpers/rpc/resolve-mute.ts'),
    import('../../protos/under-test.ts'),
  ]);
  const described = describeUnderTest(
    { generation: agent.generation, directory: protos ?? agent.protos },
    // Target vm starts guests itself.
    { shim: target !== 'vm' },
  );
  const resolve = (text: string): Mute => resolveMute(text, described);
  try {
    return { mute: mute.startsWith('/') ? await readMutesByTest(mute, resolve) : resolve(mute) };
  } catch (cause) {
    throw new ConfigError(`KATA_MUTE=${mute}: ${messageOf(cause)}`, { cause });
  }
}
