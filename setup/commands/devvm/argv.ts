import { value } from '../../../helpers/qemu/argv.ts';
import { DEBIAN, type DebianVersion } from './debian.ts';

/** A directory of this machine that the dev VM sees, read-only. */
export interface Share {
  readonly tag: string;
  readonly path: string;
}

/** Configuration of the dev VM's hardware. */
export interface DevVmConfig {
  readonly accelerator: 'kvm' | 'tcg';
  /** Version of the Debian on the disk. */
  readonly debian: DebianVersion;
  /** Number of processors of the dev VM with KVM; an emulated dev VM has one. */
  readonly cpus: number;
  readonly memoryMib: number;
  /** Whether an emulated processor has XSAVE. */
  readonly xsave?: true | undefined;
  readonly kernel: string;
  readonly initrd: string;
  /** Path of the dev VM's writable qcow2 image. */
  readonly disk: string;
  readonly shares: readonly Share[];
  readonly sockets: { readonly console: string; readonly qmp: string };
  readonly consoleLog: string;
  /** Name of the snapshot from which the dev VM continues; without it, the dev VM boots. */
  readonly from?: string | undefined;
}

/** QEMU's node name of the dev VM's disk, which stores the snapshots of the VM. */
export const DISK_NODE = 'disk';

/** Kernel command line of the dev VM: nested guests need no mitigations against each other. */
const COMMAND_LINE = 'console=ttyS0 quiet panic=-1 mitigations=off rw';

/**
 * Settings that KVM needs inside an emulated VM. Seen with QEMU 7.2 and 10.0:
 * - One processor. With two, one nested guest in ten ended with "corrupted stack end" or an endless page fault.
 * - A periodic tick. `do_vmexit` (target/i386/tcg) changes `interrupt_request` without the lock under which devices change
 *   it, so an interrupt during the exit of a nested guest can be lost. A lost one-shot timer delays the guest until a device
 *   interrupts, minutes later; a periodic timer only until the next tick.
 * - An AMD processor, for its virtualisation, without AVX and fast strings, which are the slowest to emulate. With XSAVE, which the guests
 *   of the dev VM then have too: Linux hangs at boot if a processor has XSAVE without XSAVEOPT (Opteron_G4, Opteron_G5), and in nested
 *   guests of Opteron_G3 and EPYC with both, every signal ends in "bad frame in rt_sigreturn". Neither was seen with `max`.
 *
 * `norandmaps` makes it faster: programs run at the same addresses again, so QEMU reuses their translation. `no_timer_check`: on a busy
 * machine, Linux 6.12 panicked at boot, since it had not seen enough ticks ("IO-APIC + timer doesn't work").
 */
const EMULATED = {
  cpus: 1,
  cpu: 'Opteron_G3,+svm,+npt,+vgif,+svme-addr-chk,+ssse3,+sse4.1,+sse4.2,+aes,+pclmulqdq,+fsgsbase,+rdrand',
  xsave: 'max,-avx,-avx2,-la57,-erms,-fsrm',
  commandLine: 'highres=off nohz=off norandmaps no_timer_check',
};

/** Port of ssh in the dev VM. */
export const SSH = 22;

/**
 * QEMU's arguments for the dev VM. Its network only forwards a loopback port that QEMU chooses to ssh; the dev VM
 * reaches no network.
 */
export function devVmArguments(config: DevVmConfig): string[] {
  const { accelerator, consoleLog, debian, disk, from, initrd, kernel, memoryMib, shares, sockets } = config;
  const emulated = accelerator === 'tcg';
  const cpus = emulated ? EMULATED.cpus : config.cpus;
  const cgroup = `systemd.unified_cgroup_hierarchy=${DEBIAN[debian].cgroup - 1}`;
  const commandLine = [COMMAND_LINE, cgroup, ...(emulated ? [EMULATED.commandLine] : [])].join(' ');
  const acceleration = emulated
    ? ['-accel', 'tcg,tb-size=1024', '-cpu', config.xsave ? EMULATED.xsave : EMULATED.cpu]
    : ['-accel', 'kvm', '-cpu', 'host'];
  return [
    ...['-name', 'devvm', '-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...['-machine', 'q35,usb=off', ...acceleration, '-smp', String(cpus), '-m', String(memoryMib)],
    ...['-chardev', `socket,id=console,path=${value(sockets.console)},server=on,wait=off,logfile=${value(consoleLog)}`],
    ...['-serial', 'chardev:console', '-qmp', `unix:${value(sockets.qmp)},server=on,wait=off`],
    ...['-blockdev', `qcow2,node-name=${DISK_NODE},cache.no-flush=on,file.driver=file,file.filename=${value(disk)}`],
    ...['-device', `virtio-blk-pci,drive=${DISK_NODE}`],
    ...['-device', 'virtio-rng-pci'],
    ...['-netdev', `user,id=network,restrict=on,hostfwd=tcp:127.0.0.1:0-:${SSH}`],
    ...['-device', 'virtio-net-pci,netdev=network,romfile='],
    ...shares.flatMap(({ path, tag }) => [
      ...['-fsdev', `local,id=${tag},path=${value(path)},security_model=none,readonly=on`],
      ...['-device', `virtio-9p-pci,fsdev=${tag},mount_tag=${tag}`],
    ]),
    ...['-kernel', kernel, '-initrd', initrd, '-append', commandLine],
    ...(from === undefined ? [] : ['-loadvm', from]),
  ];
}
