import { ProvisionError } from '../../helpers/errors.ts';
import { ExecError } from '../../helpers/process/exec.ts';
import { aptGet } from '../../helpers/toolchain/apt.ts';
import { librariesFor, TOOLS, type Tool, toolsFor } from '../config/pins.ts';
import type { TargetedConfig } from '../config/validated.ts';
import { canInstall } from '../host/doctor.ts';
import { type Host, probeHost } from '../host/probe.ts';
import type { ServiceStep } from '../step.ts';

/** Required programs, and required packages without programs, of a configuration. */
interface RequiredPackages {
  readonly tools: readonly Tool[];
  readonly libraries: readonly string[];
}

/** Packages that a target needs and this machine lacks. They stay installed after a run. */
export function missingPackages(config: TargetedConfig, host: Host): readonly string[] {
  return missingOf(forTarget(config), host);
}

function forTarget(config: TargetedConfig): RequiredPackages {
  return { tools: toolsFor(config), libraries: librariesFor(config) };
}

function missingOf({ libraries, tools }: RequiredPackages, host: Host): readonly string[] {
  const missing = missingTools(tools, host).map((tool) => TOOLS[tool]);
  return [...new Set([...missing, ...libraries.filter((name) => !host.libraries.includes(name))])].sort();
}

function missingTools(tools: readonly Tool[], host: Host): readonly Tool[] {
  return tools.filter((tool) => host.tools[tool] === undefined);
}

export const packages = installing('packages', forTarget);

/** A step that installs missing distribution packages. */
export function installing(id: string, wantedBy: (config: TargetedConfig) => RequiredPackages): ServiceStep<void> {
  return {
    kind: 'service',
    id,
    module: import.meta.url,
    title: 'distribution packages',
    refreshesHost: true,
    needs: () => [],
    timeoutMs: 600_000,
    async start({ config, host, say, signal }) {
      const wanted = wantedBy(config);
      const missing = missingOf(wanted, host);
      if (missing.length === 0) return;
      if (!canInstall(host)) {
        throw new ProvisionError(id, `install these packages first: ${missing.join(' ')}`);
      }
      const network = { env: config.outbound.network, signal };
      const install = ['install', '--yes', '--no-install-recommends', ...missing];
      say(`installing ${missing.join(' ')}`);
      try {
        await aptGet(install, network);
      } catch (error) {
        if (!(error instanceof ExecError) || signal.aborted) throw error;
        // The package lists are updated and the installation tried once more: absent or outdated lists are the usual
        // cause of a failure.
        say('reading package lists');
        await aptGet(['update'], network);
        say(`installing ${missing.join(' ')}`);
        await aptGet(install, network);
      }
      const still = missingTools(wanted.tools, await probeHost(config.cacheDir));
      if (still.length > 0) {
        throw new ProvisionError(id, `${still.join(', ')} cannot be run, although the packages are installed`);
      }
    },
  };
}
