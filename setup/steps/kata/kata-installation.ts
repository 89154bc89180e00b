import { dirname, join } from 'node:path';
import { IMAGES } from '../../../fixtures/images/catalogue.ts';
import { CTR_NAMESPACE, ctrOf } from '../../../helpers/containerd/ctr.ts';
import { CRI_NAMESPACE } from '../../../helpers/containerd/server.ts';
import type { ComponentProgram } from '../../../helpers/contract/component.ts';
import type { ContainerdEndpoint } from '../../../helpers/contract/target.ts';
import { ProvisionError } from '../../../helpers/errors.ts';
import type { GuestPull } from '../../../helpers/kata/guest-pull.ts';
import { NYDUS_SNAPSHOTTER } from '../../../helpers/nydus/snapshotter.ts';
import { digestsIn } from '../../../helpers/oci/archived-digests.ts';
import { spawnDaemon } from '../../../helpers/process/daemon.ts';
import { run } from '../../../helpers/process/exec.ts';
import { guestAddressOf } from '../../../helpers/registry/guest-address.ts';
import type { ResolvedConfig } from '../../config/resolved.ts';
import { removeContentAtUndo } from '../../installation/containerd-content.ts';
import { CONTAINERD } from '../../installation/containerd-endpoint.ts';
import { INSTALLED_PROGRAMS } from '../../installation/containerd-programs.ts';
import { installContainerdConfig } from '../../installation/containerd-service.ts';
import { installationOf } from '../../installation/installation.ts';
import { kataConfiguration } from '../../installation/kata-configuration.ts';
import { installFiles } from '../../installation/kata-files.ts';
import { installNydus, NYDUS_PLACES, removeSnapshotsAtUndo } from '../../installation/nydus-service.ts';
import type { ServiceStep, StepContext } from '../../step.ts';
import { containerdOf, containerdSteps } from '../containerd-programs.ts';
import { guestEtc } from '../images/guest-etc.ts';
import { images } from '../images/images.ts';
import { passwordRegistry, registry } from '../images/registry.ts';
import { nydusOf, nydusSteps } from '../nydus.ts';
import { packages } from '../packages.ts';
import { whyUnfit } from './bundle-fit.ts';
import { hypervisorOf, type KataBundle, kataBundle, readBundle, runtimeOf } from './kata-bundle.ts';

/** The Kata install bundle to install: the user's (`KATA_BUNDLE`), or the one built here. */
export async function bundleOf({ config, result }: Pick<StepContext, 'config' | 'result'>): Promise<KataBundle> {
  return config.bundle === undefined ? result(kataBundle) : readBundle(config.bundle);
}

/** How the guests of a bundle pull their images; `undefined` if this machine's containerd pulls them. Throws as {@link pullsInGuest}. */
export function guestPullOf(
  bundle: Pick<KataBundle, 'agent' | 'cdh'>,
  { pull = 'force' }: Pick<ResolvedConfig, 'pull'>,
): GuestPull | undefined {
  return pullsInGuest(bundle) ? pull : undefined;
}

/** The nydus-snapshotter with which guests pull: the configuration's, else the bundle's. */
export function nydusOfKata(
  { nydus }: Pick<KataBundle, 'nydus'>,
  { config, result }: Pick<StepContext, 'config' | 'result'>,
): ComponentProgram | undefined {
  return config.pull === 'nydus' ? (nydusOf(config, { result }) ?? nydus) : undefined;
}

/**
 * Whether the guests of a bundle pull every image themselves. Throws if the guest has a CDH that its agent does not
 * use.
 */
export function pullsInGuest({ agent, cdh }: Pick<KataBundle, 'agent' | 'cdh'>): boolean {
  if (!cdh) return false;
  if (agent.generation === 'guest-pull') return true;
  const problem = `KATA_CDH: kata-agent ${agent.version} is of generation ${agent.generation}, which does not use a CDH`;
  throw new ProvisionError('kata', `${problem}; unset KATA_CDH, or use an agent of main`);
}

/** The containerd that starts Kata's shim, if it is not the distribution's: the user's, else the bundle's. */
export function containerdOfKata(
  { containerd }: Pick<KataBundle, 'containerd'>,
  { config, result }: Pick<StepContext, 'config' | 'result'>,
): ComponentProgram | undefined {
  return containerdOf(config, { result }) ?? containerd;
}

/** This machine's containerd. */
interface InstalledContainerd extends ContainerdEndpoint {
  /** Whether its client has the command `shim pull-image` of the confidential-containers fork. */
  readonly pullImage: boolean;
}

/**
 * Step that installs and configures Kata on this machine, until the installation is undone. Its result is the machine's
 * containerd.
 */
export const kataInstallation: ServiceStep<InstalledContainerd> = {
  kind: 'service',
  id: 'kata-installation',
  module: import.meta.url,
  title: 'Kata installation',
  needs: (config) => [
    ...[packages, images, guestEtc, registry, passwordRegistry],
    ...(config.bundle === undefined ? [kataBundle] : []),
    ...containerdSteps(config),
    ...nydusSteps(config),
  ],
  timeoutMs: 300_000,
  async start(context) {
    const { config, owned, result, runDir, say, signal } = context;
    const made = await bundleOf(context);
    const problem =
      made.guestEtc === context.result(guestEtc).id
        ? whyUnfit(made, context.config)
        : 'the bundle was built with other images, keys or policies than those of this machine';
    if (problem !== undefined) throw new ProvisionError('kata', `${problem}; build the bundle again`);
    const guestPull = guestPullOf(made, config);
    const installation = installationOf(config);
    say('installing');
    await installFiles(installation, made.root);
    const files = await kataConfiguration([], {
      runtime: runtimeOf(made),
      hypervisor: hypervisorOf(made),
      builtQemu: made.qemu !== undefined,
      guestPull,
      verity: made.verity,
    });
    for (const [path, text] of files) await installation.write(path, text);
    const own = containerdOfKata(made, context);
    const programs = own === undefined ? 'distro' : dirname(own.path);
    const nydus = nydusOfKata(made, context);
    if (nydus !== undefined) await installNydus(installation, dirname(nydus.path), { say, signal });
    await installContainerdConfig(installation, {
      programs,
      pauseImage: IMAGES.pause.reference,
      snapshotter: nydus === undefined ? 'default' : { name: NYDUS_SNAPSHOTTER, ...NYDUS_PLACES },
      say,
      signal,
    });
    if (nydus !== undefined) await removeSnapshotsAtUndo(installation);
    const containerd = { ...CONTAINERD, ...(own === undefined ? {} : { ctr: INSTALLED_PROGRAMS.ctr }) };
    say('importing images into containerd');
    const { containerdArchive, placeholderArchive } = result(images);
    const digests = (await Promise.all([containerdArchive, placeholderArchive].map(digestsIn))).flat();
    await removeContentAtUndo(installation, { namespace: CRI_NAMESPACE, digests });
    const load = async (namespace: string, archive: string): Promise<void> => {
      await run([...ctrOf(containerd, namespace), 'images', 'import', archive], { signal });
    };
    for (const namespace of [CTR_NAMESPACE, CRI_NAMESPACE]) await load(namespace, containerdArchive);
    // Loads placeholder images into the host's containerd: a container with the right content then proves that the
    // guest pulled its image.
    if (guestPull) await load(CRI_NAMESPACE, placeholderArchive);
    // Serves the registries on the vsock ports to which the guest forwards connections to its loopback.
    for (const served of [result(registry), result(passwordRegistry)]) {
      const { port } = guestAddressOf(served);
      const command = ['socat', `VSOCK-LISTEN:${port},fork,reuseaddr`, `TCP:${served.address}`];
      owned.use(await spawnDaemon(command, { logFile: join(runDir, `vsock-${port}.log`) }));
    }
    const { stdout } = await run([containerd.ctr, 'shim', '--help'], { signal });
    return { ...containerd, pullImage: /^\s+pull-image\b/m.test(stdout) };
  },
};
