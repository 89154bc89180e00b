import type { AgentUnderTest } from '../../../helpers/contract/target.ts';
import { ProvisionError } from '../../../helpers/errors.ts';
import { runBuild } from '../../../helpers/isolation/run-build.ts';
import type { Sandbox } from '../../../helpers/isolation/sandbox.ts';
import { agentFeatures } from '../../../helpers/kata/features.ts';
import { parseAgentVersion } from '../../../helpers/kata/generation.ts';

const VERSION_TIMEOUT_MS = 8_000;

/**
 * Version, commit and features of a kata-agent, from `--version` and its program. An agent of a source that is not
 * trusted runs isolated. Throws {@link ProvisionError}.
 */
export async function version(
  path: string,
  signal: AbortSignal,
  isolated?: Sandbox,
): Promise<Pick<AgentUnderTest, 'version' | 'commit' | 'features'>> {
  const sandbox = isolated && { ...isolated, readable: [path] };
  const { stdout } = await runBuild([path, '--version'], { sandbox, signal, timeoutMs: VERSION_TIMEOUT_MS });
  const found = parseAgentVersion(stdout);
  if (found === undefined) {
    const said = JSON.stringify(stdout.split('\n', 1)[0]);
    throw new ProvisionError('agent', `KATA_AGENT=${path} is not a kata-agent: --version prints ${said}`);
  }
  return { ...found, features: await agentFeatures(stdout, path) };
}
