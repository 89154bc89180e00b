import { basename, join } from 'node:path';
import { IMAGES } from '../../fixtures/images.ts';
import { CRI_NAMESPACE } from '../../helpers/containerd.ts';
import { CTR_NAMESPACE, ctrOf } from '../../helpers/ctr.ts';
import { spawnDaemon } from '../../helpers/daemon.ts';
import { ProvisionError } from '../../helpers/errors.ts';
import { run } from '../../helpers/exec.ts';
import { guestAddressOf } from '../../helpers/registry/guest-address.ts';
import type { ContainerdEndpoint } from '../../helpers/target.ts';
import type { Config } from '../config.ts';
import { installContainerdConfig } from '../installation/containerd.ts';
import { CONTAINERD } from '../installation/containerd-endpoint.ts';
import { installationOf } from '../installation/installation.ts';
import { kataConfiguration } from '../installation/kata-configuration.ts';
import { installFiles } from '../installation/kata-files.ts';
import type { ArtefactStep, ServiceStep, StepContext } from '../step.ts';
import { guestEtc } from './guest-etc.ts';
import { containerdArchiveIn, decoyArchiveIn, images } from './images.ts';
import { type KataBundle, kataBundle, readBundle } from './kata-bundle.ts';
import { packages } from './packages.ts';
import { passwordRegistry, registry } from './registry.ts';

/** The bundle to install: one made elsewhere, or ours. */
export async function bundleOf({ config, result }: Pick<StepContext, 'config' | 'result'>): Promise<KataBundle> {
  return readBundle(config.bundle ?? result(kataBundle));
}

/** Why a bundle cannot be installed for a configuration. */
function whyUnfit(bundle: KataBundle, { config, result }: StepContext): string | undefined {
  if (bundle.guestEtc !== basename(result(guestEtc))) {
    return 'the bundle was made with other images, keys or policies than those of this machine';
  }
  if (config.qemu === 'source' && bundle.qemu === undefined) return 'KATA_QEMU=source: the bundle has no QEMU';
  if (config.dataHub !== undefined && !bundle.dataHub) return 'KATA_CDH: the bundle has no confidential data hub';
  return undefined;
}

/** Whether all that guests run is pulled in them. Throws where the agent does not know the hub that the guest has. */
export function pullsInGuest({ agent, dataHub }: Pick<KataBundle, 'agent' | 'dataHub'>): boolean {
  if (!dataHub) return false;
  if (agent.generation === 'guest-pull') return true;
  const problem = `KATA_CDH: kata-agent ${agent.version} is of generation ${agent.generation}, and asks no data hub`;
  throw new ProvisionError('kata', `${problem}; unset it, or take an agent of main`);
}

/** Kata installed on this machine and configured; it stays until it is undone. Gives the machine's containerd. */
export function kataInstallation({ bundle }: Pick<Config, 'bundle'>): ServiceStep<ContainerdEndpoint> {
  const builds: readonly ArtefactStep[] = bundle === undefined ? [kataBundle] : [];
  return {
    kind: 'service',
    id: 'kata-installation',
    module: import.meta.url,
    title: 'Kata on this machine',
    needs: [packages, images, guestEtc, registry, passwordRegistry, ...builds],
    timeoutMs: 300_000,
    async start(context) {
      const { config, owned, result, runDir, say, signal } = context;
      const made = await bundleOf(context);
      const problem = whyUnfit(made, context);
      if (problem !== undefined) throw new ProvisionError('kata', `${problem}; make it anew`);
      const guestPull = pullsInGuest(made);
      const installation = installationOf(config);
      say('installing');
      await installFiles(installation, made.root);
      const files = await kataConfiguration([], { builtQemu: made.qemu !== undefined, guestPull });
      for (const [path, text] of files) await installation.write(path, text);
      await installContainerdConfig(installation, { pauseImage: IMAGES.pause.reference, say, signal });
      say('images for containerd');
      const load = async (namespace: string, archive: string): Promise<void> => {
        await run([...ctrOf(CONTAINERD.socket, namespace), 'images', 'import', archive], { signal });
      };
      for (const namespace of [CTR_NAMESPACE, CRI_NAMESPACE])
        await load(namespace, containerdArchiveIn(result(images)));
      // Whatever the host has under a name, it is not what the guest pulls.
      if (guestPull) await load(CRI_NAMESPACE, decoyArchiveIn(result(images)));
      // Where a guest's connections to its loopback arrive.
      for (const served of [result(registry), result(passwordRegistry)]) {
        const { port } = guestAddressOf(served);
        const command = ['socat', `VSOCK-LISTEN:${port},fork,reuseaddr`, `TCP:${served.address}`];
        owned.use(await spawnDaemon(command, { logFile: join(runDir, `vsock-${port}.log`) }));
      }
      return CONTAINERD;
    },
  };
}
