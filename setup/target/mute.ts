import { readFile } from 'node:fs/promises';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { Mute, MutesByTest } from '../../helpers/contract/mute.ts';
import type { AgentUnderTest } from '../../helpers/contract/target.ts';
import { ConfigError, messageOf } from '../../helpers/errors.ts';
import type { TargetedConfig } from '../config/validated.ts';

/** The file that KATA_MUTE may name: for each test, the methods and fields that the client withholds in it. */
const BY_TEST = Type.Object(
  {
    tests: Type.Record(Type.String(), Type.Array(Type.String())),
    timeoutsMs: Type.Record(Type.String(), Type.Integer({ minimum: 1 })),
  },
  { additionalProperties: false },
);

/**
 * Resolves `KATA_MUTE` by the protos that a run loads for the agent and, if the target has one, the shim. Rejects with
 * {@link ConfigError}.
 */
export async function muteOf(
  { mute, protos, target }: Pick<TargetedConfig, 'mute' | 'protos' | 'target'>,
  agent: Pick<AgentUnderTest, 'generation' | 'protos'>,
): Promise<{ readonly mute?: Mute | MutesByTest }> {
  if (mute === undefined) return {};
  // Imported dynamically: loading gRPC is slow, and runs without KATA_MUTE do not need it.
  const [{ resolveMute }, { describeUnderTest }] = await Promise.all([
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
    return { mute: mute.startsWith('/') ? await byTest(mute, resolve) : resolve(mute) };
  } catch (cause) {
    throw new ConfigError(`KATA_MUTE=${mute}: ${messageOf(cause)}`, { cause });
  }
}

async function byTest(file: string, resolve: (text: string) => Mute): Promise<MutesByTest> {
  const value: unknown = JSON.parse(await readFile(file, 'utf8'));
  const [problem] = Value.Errors(BY_TEST, value);
  if (problem !== undefined) throw new Error(`${problem.path || 'the file'}: ${problem.message}`);
  const { tests, timeoutsMs } = Value.Decode(BY_TEST, value);
  const resolved = Object.entries(tests).map(([test, names]) => [test, names.map(resolve)] as const);
  return { name: file, tests: Object.fromEntries(resolved), timeoutsMs };
}
