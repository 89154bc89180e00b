import { ProvisionError } from '../../helpers/errors.ts';
import { ExecError, run } from '../../helpers/exec.ts';
import type { TargetedConfig } from '../config.ts';
import { canInstall } from '../doctor.ts';
import { type Host, probeHost } from '../host.ts';
import type { ServiceStep } from '../step.ts';
import { librariesFor, TOOLS, type Tool, toolsFor } from '../versions.ts';

/** Packages this machine lacks. They stay installed: they belong to the machine, not to a run. */
export function missingPackages(config: TargetedConfig, host: Host): readonly string[] {
  const missing = missingTools(config, host);
  if (missing.length === 0) return [];
  return [...new Set([...missing.map((tool) => TOOLS[tool]), ...librariesFor(config)])].sort();
}

function missingTools(config: TargetedConfig, host: Host): readonly Tool[] {
  return toolsFor(config).filter((tool) => host.tools[tool] === undefined);
}

const APT = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3'];
const ENV = { DEBIAN_FRONTEND: 'noninteractive' };

export const packages: ServiceStep<void> = {
  kind: 'service',
  id: 'packages',
  title: 'distribution packages',
  needs: [],
  timeoutMs: 600_000,
  async start({ config, host, say, signal }) {
    const missing = missingPackages(config, host);
    if (missing.length === 0) return;
    if (!canInstall(host)) {
      throw new ProvisionError('packages', `install these packages first: ${missing.join(' ')}`);
    }
    const install = ['apt-get', ...APT, 'install', '--yes', '--no-install-recommends', ...missing];
    say(`installing ${missing.join(' ')}`);
    try {
      await run(install, { env: ENV, signal });
    } catch (error) {
      if (!(error instanceof ExecError) || signal.aborted) throw error;
      // Package lists that are absent or out of date are the usual reason; read them anew and try once more.
      say('reading package lists');
      await run(['apt-get', ...APT, 'update'], { env: ENV, signal });
      say(`installing ${missing.join(' ')}`);
      await run(install, { env: ENV, signal });
    }
    const still = missingTools(config, await probeHost(config.cacheDir));
    if (still.length > 0) {
      throw new ProvisionError('packages', `${still.join(', ')} cannot be run, although the packages are installed`);
    }
  },
};
