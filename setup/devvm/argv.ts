import { value } from '../../helpers/qemu/argv.ts';

/** A directory of this machine that the dev VM sees, read-only. */
export interface Share {
  readonly tag: string;
  readonly path: string;
}

/** The dev VM as a machine. */
export interface DevVmConfig {
  readonly accelerator: 'kvm' | 'tcg';
  /** With KVM; emulated it has one. */
  readonly cpus: number;
  readonly memoryMib: number;
  readonly kernel: string;
  readonly initrd: string;
  /** qcow2, written to. */
  readonly disk: string;
  readonly shares: readonly Share[];
  readonly sockets: { readonly console: string; readonly qmp: string };
  readonly consoleLog: string;
  /** Goes on from what was saved under this name, instead of booting. */
  readonly from?: string | undefined;
}

/** What QEMU calls the disk: everything that is saved of the machine is in it. */
export const DISK_NODE = 'disk';

/** Kata of the skopeo generation wants cgroup v1 in its host; nested guests need no protection from each other. */
const COMMAND_LINE = 'console=ttyS0 quiet panic=-1 mitigations=off systemd.unified_cgroup_hierarchy=0 rw';

/**
 * What KVM needs to run inside a machine that is emulated. Seen with QEMU 7.2 and 10.0:
 * - One processor. With two, one nested guest in ten ended with "corrupted stack end" or a page fault without end.
 * - A periodic tick. `do_vmexit` (target/i386/tcg) changes `interrupt_request` without the lock that devices change it
 *   under, so an interrupt that comes while a nested guest exits can be lost. A timer that is set once is then waited for
 *   until a device interrupts, minutes later; of a periodic one the next tick does.
 * - A processor of AMD, for its virtualisation, without AVX and fast strings, which cost emulation most.
 *
 * And what makes it faster: programs at the addresses that they had the last time, whose translation is still there.
 */
const EMULATED = {
  cpus: 1,
  cpu: 'Opteron_G3,+svm,+npt,+vgif,+svme-addr-chk,+ssse3,+sse4.1,+sse4.2,+aes,+pclmulqdq,+fsgsbase,+rdrand',
  commandLine: 'highres=off nohz=off norandmaps',
};

/** The guest's port of ssh. */
export const SSH = 22;

/** QEMU's arguments. The network is a way in, by a port on loopback that QEMU chooses, and none out. */
export function devVmArguments(config: DevVmConfig): string[] {
  const { accelerator, consoleLog, disk, from, initrd, kernel, memoryMib, shares, sockets } = config;
  const emulated = accelerator === 'tcg';
  const cpus = emulated ? EMULATED.cpus : config.cpus;
  const commandLine = emulated ? `${COMMAND_LINE} ${EMULATED.commandLine}` : COMMAND_LINE;
  const acceleration = emulated
    ? ['-accel', 'tcg,tb-size=1024', '-cpu', EMULATED.cpu]
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
