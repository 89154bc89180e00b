import type { AgentUnderTest } from '../../../helpers/contract/target.ts';
import { ProvisionError } from '../../../helpers/errors.ts';
import { agentFeatures } from '../../../helpers/kata/features.ts';
import { parseAgentVersion } from '../../../helpers/kata/generation.ts';
import { run } from '../../../helpers/process/exec.ts';

const VERSION_TIMEOUT_MS = 8_000;

/** Version, commit and features of a kata-agent, from `--version` and its program. Throws {@link ProvisionError}. */
export async function version(
  path: string,
  signal: AbortSignal,
): Promise<Pick<AgentUnderTest, 'version' | 'commit' | 'features'>> {
  const { stdout } = await run([path, '--version'], { signal, timeoutMs: VERSION_TIMEOUT_MS });
  const found = parseAgentVersion(stdout);
  if (found === undefined) {
    const said = JSON.stringify(stdout.split('\n', 1)[0]);
    throw new ProvisionError('agent', `KATA_AGENT=${path} is not a kata-agent: --version prints ${said}`);
  }
  return { ...found, features: await agentFeatures(stdout, path) };
}
