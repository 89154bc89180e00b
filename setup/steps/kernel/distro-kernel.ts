import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ProvisionError } from '../../../helpers/errors.ts';
import { insertionOrder, readModuleTree } from '../../../helpers/kernel/modules.ts';
import { run } from '../../../helpers/process/exec.ts';
import { dependenciesOf, unpackPackages } from '../../../helpers/toolchain/apt.ts';
import type { StepContext } from '../../step.ts';

/** Kernel modules that the initrd loads unless they are built in: disks, file systems, vsock, network, entropy. */
const MODULES = [
  'virtio_pci',
  'virtio_blk',
  'erofs',
  'overlay',
  'vmw_vsock_virtio_transport',
  'virtio_net',
  'virtio_rng',
] as const;

/** Kernel modules that guests load on demand. */
const LATER = [
  // AF_VSOCK within one guest, tables of iptables, network interfaces, SCSI disks
  ...['vsock_loopback', 'iptable_filter', 'ip6table_filter', 'dummy', 'virtio_scsi', 'sd_mod'],
  // a root file system that is measured
  'dm_verity',
  // disks that the CDH encrypts: LUKS2 with integrity uses authenc(hmac(sha256),xts(aes)), and xts uses ecb
  ...['dm_crypt', 'dm_integrity', 'authenc', 'xts', 'ecb'],
] as const;

/** The package that depends on the newest kernel for VMs, by distribution. */
const PACKAGE: Readonly<Record<string, string>> = { debian: 'linux-image-cloud-amd64', ubuntu: 'linux-image-virtual' };

/** Unpacks the distribution's kernel, and the modules for the guest in load order. Returns the kernel release. */
export async function unpackKernel(
  tree: string,
  directory: string,
  image: string,
  { config, host, say, signal }: Pick<StepContext, 'config' | 'host' | 'say' | 'signal'>,
): Promise<string> {
  const name = PACKAGE[host.distribution];
  if (name === undefined) {
    throw new ProvisionError(
      'kernel',
      `KATA_KERNEL=distro supports Debian and Ubuntu, not ${host.distribution}; set KATA_KERNEL=build`,
    );
  }
  const [newest] = (await dependenciesOf(name, signal)).filter((dependency) => /^linux-image-\d/.test(dependency));
  if (newest === undefined) {
    throw new ProvisionError(
      'kernel',
      `the package ${name} depends on no linux-image package; run apt-get update and try again`,
    );
  }
  say(`downloading ${newest}`);
  const modules = host.distribution === 'ubuntu' ? [newest.replace('linux-image-', 'linux-modules-')] : [];
  await unpackPackages([newest, ...modules], tree, { env: config.outbound.network, signal });
  const [boot] = (await readdir(join(tree, 'boot'))).filter((file) => file.startsWith('vmlinuz-'));
  if (boot === undefined) throw new ProvisionError('kernel', `the package ${newest} contains no /boot/vmlinuz-*`);
  const release = boot.slice('vmlinuz-'.length);
  await copyFile(join(tree, 'boot', boot), image);
  say(`selecting modules of ${release}`);
  const modulesOf = await readModuleTree(tree, release, signal);
  const first = insertionOrder(modulesOf, MODULES);
  const later = insertionOrder(modulesOf, [...MODULES, ...LATER]).slice(first.length);
  const from = join(tree, 'lib/modules', release);
  for (const file of first) await unpackModule(join(from, file), join(directory, 'modules'), signal);
  const loadable = join(directory, 'later/lib/modules', release);
  await mkdir(loadable, { recursive: true });
  for (const file of later) await unpackModule(join(from, file), loadable, signal);
  // modprobe in the guest, and the kernel by modprobe, find a module by this index.
  await run(['depmod', '--basedir', join(directory, 'later'), release], { signal });
  await writeFile(join(directory, 'modules.order'), first.map((file) => `${plainName(file)}\n`).join(''));
  return release;
}

/** Decompresses a kernel module, because busybox's insmod does not read compressed ones. */
async function unpackModule(file: string, to: string, signal: AbortSignal): Promise<void> {
  const target = join(to, plainName(file));
  if (file.endsWith('.ko')) return copyFile(file, target);
  const tool = file.endsWith('.zst') ? 'zstd' : 'xz';
  await run(['sh', '-c', `${tool} -dc "$1" > "$2"`, 'unpack', file, target], { signal });
}

function plainName(file: string): string {
  return basename(file).replace(/\.(zst|xz)$/, '');
}
