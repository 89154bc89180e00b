import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { IMAGES } from '../../fixtures/images.ts';
import { CRI_NAMESPACE, containerdReady } from '../../helpers/containerd.ts';
import { CTR_NAMESPACE, ctrOf } from '../../helpers/ctr.ts';
import { spawnDaemon } from '../../helpers/daemon.ts';
import { ProvisionError } from '../../helpers/errors.ts';
import { run } from '../../helpers/exec.ts';
import { firstExecutable } from '../../helpers/files.ts';
import { QEMU_FILE, QEMU_VIRTIOFSD } from '../../helpers/kata/qemu-scripts.ts';
import { guestAddressOf } from '../../helpers/registry/guest-address.ts';
import type { ContainerdEndpoint } from '../../helpers/target.ts';
import type { Config } from '../config.ts';
import { CONTAINERD, installContainerdConfig } from '../installation/containerd.ts';
import { installationOf } from '../installation/installation.ts';
import { configureKata } from '../installation/kata-config.ts';
import { installFiles } from '../installation/kata-files.ts';
import type { ArtefactStep, ServiceStep, StepContext } from '../step.ts';
import { guestEtc } from './guest-etc.ts';
import { containerdArchiveIn, images } from './images.ts';
import { type KataBundle, kataBundle, readBundle } from './kata-bundle.ts';
import { packages } from './packages.ts';
import { passwordRegistry, registry } from './registry.ts';

const DEFAULTS = '/usr/share/defaults/kata-containers/configuration-qemu.toml';

const VIRTIOFSD = ['/usr/lib/qemu/virtiofsd', '/usr/libexec/virtiofsd', '/usr/libexec/kata-qemu/virtiofsd'];
/** cgroup v1 in the guest, as upstream's guests of this generation have it: to our first process, and to systemd. */
const KERNEL_PARAMETERS = ['kata_cc.cgroup=1', 'systemd.unified_cgroup_hierarchy=0'] as const;
const GUEST_MEMORY_MIB = 512;

/** The bundle to install: one made elsewhere, or ours. */
export async function bundleOf({ config, result }: Pick<StepContext, 'config' | 'result'>): Promise<KataBundle> {
  return readBundle(config.bundle ?? result(kataBundle));
}

/** Kata installed on this machine and configured; it stays until it is undone. Gives the machine's containerd. */
export function kataInstallation({ bundle }: Pick<Config, 'bundle'>): ServiceStep<ContainerdEndpoint> {
  const builds: readonly ArtefactStep[] = bundle === undefined ? [kataBundle] : [];
  return {
    kind: 'service',
    id: 'kata-installation',
    title: 'Kata on this machine',
    needs: [packages, images, guestEtc, registry, passwordRegistry, ...builds],
    timeoutMs: 300_000,
    async start(context) {
      const { config, owned, result, runDir, say, signal } = context;
      const made = await bundleOf(context);
      if (made.guestEtc !== basename(result(guestEtc))) {
        throw new ProvisionError(
          'kata',
          'the bundle was made with other images, keys or policies than those of this machine; make it anew',
        );
      }
      if (config.qemu === 'source' && made.qemu === undefined) {
        throw new ProvisionError('kata', 'KATA_QEMU=source: the bundle has no QEMU; make it anew with that setting');
      }
      const installation = installationOf(config);
      say('installing');
      await installFiles(installation, made.root);
      await installation.write(configurationFile, await configured([], { builtQemu: made.qemu !== undefined }));
      await containerdReady(CONTAINERD.socket, signal);
      await installContainerdConfig(installation, { pauseImage: IMAGES.pause.reference, say, signal });
      say('images for containerd');
      for (const namespace of [CTR_NAMESPACE, CRI_NAMESPACE]) {
        await run([...ctrOf(CONTAINERD.socket, namespace), 'images', 'import', containerdArchiveIn(result(images))], {
          signal,
        });
      }
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

/** Where Kata looks for its configuration first. */
export const configurationFile = '/etc/kata-containers/configuration.toml';

/** Upstream's configuration as this machine needs it, with more parameters for the guest's kernel. */
export async function configured(
  parameters: readonly string[],
  { builtQemu }: { readonly builtQemu: boolean },
): Promise<string> {
  return configureKata(await readFile(DEFAULTS, 'utf8'), {
    qemu: builtQemu ? QEMU_FILE : '/usr/bin/qemu-system-x86_64',
    virtiofsd:
      (await firstExecutable(builtQemu ? [QEMU_VIRTIOFSD, ...VIRTIOFSD] : VIRTIOFSD)) ?? '/usr/libexec/virtiofsd',
    kernelParameters: [...KERNEL_PARAMETERS, ...parameters],
    memoryMib: GUEST_MEMORY_MIB,
    debug: 'agent',
  });
}
