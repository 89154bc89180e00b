/** A directory of this machine that the dev VM sees, read-only. */
export interface Share {
  readonly tag: string;
  readonly path: string;
}

/** The dev VM as a machine. */
export interface DevVmConfig {
  readonly accelerator: 'kvm' | 'tcg';
  readonly cpus: number;
  readonly memoryMib: number;
  readonly kernel: string;
  readonly initrd: string;
  /** qcow2, written to. */
  readonly disk: string;
  readonly shares: readonly Share[];
  /** TCP port on loopback that leads to its ssh. */
  readonly sshPort: number;
  readonly sockets: { readonly console: string; readonly qmp: string };
  readonly consoleLog: string;
}

/** Kata of the skopeo generation wants cgroup v1 in its host; nested guests need no protection from each other. */
const COMMAND_LINE = 'console=ttyS0 quiet panic=-1 mitigations=off systemd.unified_cgroup_hierarchy=0 rw';

/**
 * QEMU's arguments. Emulated, the processor is one that has AMD's virtualisation, so that KVM runs inside. The network is
 * a way in, and none out.
 */
export function devVmArguments(config: DevVmConfig): string[] {
  const { accelerator, consoleLog, cpus, disk, initrd, kernel, memoryMib, shares, sockets, sshPort } = config;
  const acceleration =
    accelerator === 'kvm'
      ? ['-accel', 'kvm', '-cpu', 'host']
      : ['-accel', 'tcg,thread=multi,tb-size=1024', '-cpu', 'max'];
  return [
    ...['-name', 'devvm', '-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...['-machine', 'q35,usb=off', ...acceleration, '-smp', String(cpus), '-m', String(memoryMib)],
    ...['-chardev', `socket,id=console,path=${sockets.console},server=on,wait=off,logfile=${consoleLog}`],
    ...['-serial', 'chardev:console', '-qmp', `unix:${sockets.qmp},server=on,wait=off`],
    ...['-drive', `if=none,id=disk,format=qcow2,cache=unsafe,file=${disk}`, '-device', 'virtio-blk-pci,drive=disk'],
    ...['-device', 'virtio-rng-pci'],
    ...['-netdev', `user,id=network,restrict=on,hostfwd=tcp:127.0.0.1:${sshPort}-:22`],
    ...['-device', 'virtio-net-pci,netdev=network,romfile='],
    ...shares.flatMap(({ path, tag }) => [
      ...['-fsdev', `local,id=${tag},path=${path},security_model=none,readonly=on`],
      ...['-device', `virtio-9p-pci,fsdev=${tag},mount_tag=${tag}`],
    ]),
    ...['-kernel', kernel, '-initrd', initrd, '-append', COMMAND_LINE],
  ];
}
