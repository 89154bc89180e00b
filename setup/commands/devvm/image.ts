import { chmod, copyFile, cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../../helpers/process/exec.ts';
import { DEVVM_TOOLS, TOOLS, toolsFor } from '../../config/pins.ts';
import { projectPath } from '../../project.ts';
import type { ArtefactStep } from '../../step.ts';
import { installing } from '../../steps/packages.ts';
import { DEBIAN, type DebianVersion, type DevVmSystem, debianOf, readSystem } from './debian.ts';

/** File names in the dev VM's image artefact. */
const DISK = 'disk.qcow2';
const KERNEL = 'vmlinuz';
const INITRD = 'initrd';
const KEY = 'key';
const SYSTEM = 'system.json';

/** A value for KATA_BUNDLE that makes the plan need no compilers: the dev VM installs Kata and does not build it. */
const BUILT_ELSEWHERE = '';

const DISK_SIZE = '24G';

/**
 * Packages in the dev VM that `KATA_TARGET=kata` needs besides the tools of target `local`: the dev VM cannot install
 * anything.
 */
const PACKAGES = [
  ...['systemd', 'systemd-sysv', 'udev', 'dbus', 'kmod', 'linux-image-amd64', 'openssh-server', 'ca-certificates'],
  ...['qemu-system-x86', 'qemu-utils', 'seabios'],
  ...['containernetworking-plugins', 'iptables', 'conntrack', 'ethtool', 'make'],
] as const;

const EXCLUDED = ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/info/*', '/usr/share/locale/*'];

/**
 * Kernel modules that the dev VM loads at boot: KVM (QEMU emulates AMD's), vsock of guests and host, modules for
 * containers and shares.
 */
const MODULES = [
  'kvm_amd',
  'vhost_vsock',
  'vhost_net',
  'vsock_loopback',
  'overlay',
  'br_netfilter',
  '9p',
  '9pnet_virtio',
];
/** Kernel modules that the dev VM's initrd loads, with their dependencies. */
const BOOT_MODULES = ['virtio_pci', 'virtio_blk', 'crc32c_generic', 'ext4'];
/** systemd units that are disabled in the dev VM because they would only use the emulated processor's time. */
const MASKED = [
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'systemd-timesyncd.service',
  'e2scrub_reap.service',
  'dpkg-db-backup.timer',
];

/** Set-up step that installs the packages with which the dev VM is built and run. */
export const devVmPackages = installing('devvm-packages', () => ({ tools: DEVVM_TOOLS, libraries: [] }));

/** Image of a dev VM: the directory of its files, and what it contains. */
export interface DevVmImage {
  readonly directory: string;
  readonly system: DevVmSystem;
}

/** Set-up step that builds the dev VM's disk image: Debian with systemd, containerd and QEMU, and an ssh key. */
export const devVmImage: ArtefactStep<DevVmImage> = {
  kind: 'artefact',
  id: 'devvm',
  module: import.meta.url,
  title: 'dev VM image',
  needs: () => [devVmPackages],
  timeoutMs: 2_400_000,
  inputs: (config, { tools }) => ({
    files: { busybox: tools.busybox },
    values: { debian: debianOf(config), packages: packages(debianOf(config)).join(' ') },
  }),
  async make(directory, { config, host, say, signal }) {
    const debian = debianOf(config);
    const root = join(directory, 'root');
    say(`installing Debian ${debian}; about two minutes`);
    const excluded = EXCLUDED.map((path) => `--dpkgopt=path-exclude=${path}`);
    const flags = ['--quiet', '--mode=root', '--variant=minbase', '--format=directory', ...excluded];
    await run(['mmdebstrap', ...flags, `--include=${packages(debian).join(',')}`, DEBIAN[debian].codename, root], {
      env: config.outbound.network,
      signal,
    });
    // The test images contain busybox, and a bundle of this machine fits only the images with which it was built.
    await copyFile(host.tools.busybox ?? '/bin/busybox', join(root, 'bin/busybox'));
    const [release = ''] = await readdir(join(root, 'lib/modules'));
    await writeFile(join(directory, SYSTEM), JSON.stringify(await readSystem(root, debian, release), null, 2));
    await copyFile(join(root, 'boot', `vmlinuz-${release}`), join(directory, KERNEL));
    await writeInitrd(root, release, join(directory, INITRD), signal);
    await run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'devvm', '-f', join(directory, KEY)], { signal });
    await run(['ssh-keygen', '-q', '-A', '-f', root], { signal });
    await configure(root, await readFile(join(directory, `${KEY}.pub`), 'utf8'));
    say('writing the disk');
    const options = ['-q', '-t', 'ext4', '-m', '0', '-E', 'root_owner=0:0'];
    const raw = join(directory, 'raw');
    await run(['mke2fs', ...options, '-d', root, raw, DISK_SIZE], { signal });
    await rm(root, { recursive: true });
    // The raw file is mostly holes, which everything that reads the artefact would read as well.
    await run(['qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2', raw, join(directory, DISK)], { signal });
    await rm(raw);
  },
  read: async (directory) => ({
    directory,
    system: JSON.parse(await readFile(join(directory, SYSTEM), 'utf8')) as DevVmSystem,
  }),
};

/** Paths of the files in the dev VM's image artefact. */
export function devVmFiles(directory: string): Readonly<Record<'disk' | 'kernel' | 'initrd' | 'key', string>> {
  return {
    disk: join(directory, DISK),
    kernel: join(directory, KERNEL),
    initrd: join(directory, INITRD),
    key: join(directory, KEY),
  };
}

/** The dev VM gets an agent, a kernel and Kata from this machine. */
const BUILDS_NOTHING = {
  agent: 'auto',
  agentFeatures: undefined,
  agentLibc: 'upstream',
  agentProfile: undefined,
  kernel: 'distro',
  kernelSource: undefined,
  qemu: 'distro',
  pull: 'nydus',
  bundle: BUILT_ELSEWHERE,
} as const;

function packages(debian: DebianVersion): string[] {
  const tools = (['local', 'kata'] as const).flatMap((target) => toolsFor({ ...BUILDS_NOTHING, target }));
  return [...new Set([...PACKAGES, ...DEBIAN[debian].packages, ...tools.map((tool) => TOOLS[tool])])].sort();
}

async function configure(root: string, key: string): Promise<void> {
  const put = async (path: string, text: string): Promise<void> => {
    await mkdir(join(root, path, '..'), { recursive: true });
    await rm(join(root, path), { force: true });
    await writeFile(join(root, path), text);
  };
  await put('etc/hostname', 'devvm\n');
  // The dev VM gets an address for Kubernetes to advertise; no host uses this address.
  await put('etc/hosts', '127.0.0.1 localhost\n192.0.2.10 devvm\n');
  await put('etc/fstab', '/dev/vda / ext4 noatime 0 0\n');
  await put('etc/modules-load.d/kata-cc.conf', `${MODULES.join('\n')}\n`);
  await put('etc/systemd/network/10-slirp.network', '[Match]\nName=e*\n[Network]\nAddress=10.0.2.15/24\n');
  await put('etc/ssh/sshd_config.d/kata-cc.conf', 'UseDNS no\nMaxSessions 100\n');
  await put('root/.ssh/authorized_keys', key);
  await chmod(join(root, 'root/.ssh'), 0o700);
  const units = join(root, 'etc/systemd/system');
  for (const unit of MASKED) await symlink('/dev/null', join(units, unit)).catch(ignoreExisting);
  const wanted = join(units, 'multi-user.target.wants/systemd-networkd.service');
  await symlink('/lib/systemd/system/systemd-networkd.service', wanted).catch(ignoreExisting);
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

/** Writes the dev VM's initrd: busybox, the kernel modules for the disk in load order, and init.sh. */
async function writeInitrd(root: string, release: string, file: string, signal: AbortSignal): Promise<void> {
  const tree = join(root, '../initrd-tree');
  for (const name of ['bin', 'dev', 'modules', 'proc', 'root', 'sys']) {
    await mkdir(join(tree, name), { recursive: true });
  }
  await copyFile(join(root, 'bin/busybox'), join(tree, 'bin/busybox'));
  const order: string[] = [];
  for (const module of BOOT_MODULES) {
    const modprobe = ['modprobe', '--dirname', root, '--set-version', release, '--show-depends', module];
    for (const [, path = ''] of (await run(modprobe, { signal })).stdout.matchAll(
      /^insmod (.+?\.ko(?:\.\w+)?)(?: |$)/gm,
    )) {
      const name = path.slice(path.lastIndexOf('/') + 1);
      if (order.includes(name)) continue;
      order.push(name);
      await copyFile(path, join(tree, 'modules', name));
    }
  }
  await writeFile(join(tree, 'modules/order'), `${order.join('\n')}\n`);
  await cp(projectPath('setup/commands/devvm/init.sh'), join(tree, 'init'));
  await chmod(join(tree, 'init'), 0o755);
  await run(['sh', '-c', 'find . | cpio --quiet -o -H newc | gzip -1 > "$1"', 'sh', file], { cwd: tree, signal });
  await rm(tree, { recursive: true });
}
