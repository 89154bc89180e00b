import type { GuestForward, GuestMemory, VmConfig, VsockDevice } from './vm-config.ts';
import { VSOCK_ID, VSOCK_SLOT } from './vm-config.ts';

/** QEMU, by the name it has on PATH. */
export const QEMU = 'qemu-system-x86_64';

const MEMORY_ID = 'memory';

/**
 * Emulated, one without AVX and fast string operations: programs that find those use them, and each is a call of QEMU's
 * instead of a few instructions. Against `max`, a pull takes three quarters of the processor time. And one without SSE 4.2:
 * a program in Go that may compute a CRC-32C fills tables for that when it starts, by 190,000 instructions for which QEMU
 * has a loop of 64 rounds each. skopeo and umoci are such programs: each starts in 12 ms less, of 70 and 33.
 */
const PROCESSORS = { kvm: 'host', tcg: 'Nehalem,-sse4.2' } as const;

/**
 * The command line for a machine. Machine type q35: microvm hangs now and then under emulation for want of a clock to
 * calibrate by. No defaults, so that a guest has exactly the devices named here.
 */
export function qemuArguments(config: VmConfig): string[] {
  const { accelerator, commandLine, consoleLog, cpus, disks, incoming, initrd, kernel, memoryMib, sockets } = config;
  return [
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...['-machine', `q35,usb=off,vmport=off,memory-backend=${MEMORY_ID}`],
    ...['-accel', acceleration(config), '-cpu', PROCESSORS[accelerator]],
    ...['-smp', String(cpus), '-m', String(memoryMib)],
    ...['-object', memoryObject(config.memory, memoryMib)],
    ...['-chardev', `socket,id=console,path=${value(sockets.console)},server=on,wait=off,logfile=${value(consoleLog)}`],
    ...['-serial', 'chardev:console'],
    ...['-qmp', `unix:${value(sockets.qmp)},server=on,wait=off`],
    ...['-device', 'virtio-rng-pci'],
    ...['-device', `pcie-root-port,id=${VSOCK_SLOT},chassis=1,slot=1`],
    ...disks.flatMap(disk),
    ...(config.vsock === undefined ? [] : vsockDevice(config.vsock)),
    ...(config.forwards === undefined ? [] : network(config.forwards, config.forwardLog)),
    ...['-kernel', kernel, ...(initrd === undefined ? [] : ['-initrd', initrd]), '-append', commandLine],
    ...(incoming ? ['-incoming', 'defer'] : []),
  ];
}

/**
 * Emulated, several processors take turns in one thread. In a thread for each, QEMU 7.2 can keep a translation of what one
 * of them has changed in the meantime. Linux changes its own code while it runs, by way of a breakpoint, and a guest whose
 * processors were both in such a one for ever was as silent as one that boots slowly.
 */
function acceleration({ accelerator, cpus }: Pick<VmConfig, 'accelerator' | 'cpus'>): string {
  return accelerator === 'tcg' && cpus > 1 ? 'tcg,thread=single' : accelerator;
}

/** The vsock device as properties, for the command line and for `device_add` alike. */
export function vsockProperties(device: VsockDevice): Readonly<Record<string, string | number>> {
  const common = { id: VSOCK_ID, bus: VSOCK_SLOT };
  return device.kind === 'vhost-vsock'
    ? { driver: 'vhost-vsock-pci', ...common, 'guest-cid': device.cid }
    : { driver: 'vhost-user-vsock-pci', ...common, chardev: VSOCK_ID };
}

function memoryObject(memory: GuestMemory, memoryMib: number): string {
  const size = `id=${MEMORY_ID},size=${memoryMib}M`;
  switch (memory.kind) {
    case 'anonymous':
      return `memory-backend-ram,${size}`;
    case 'shared':
      return `memory-backend-memfd,${size},share=on`;
    case 'file':
      return `memory-backend-file,${size},mem-path=${value(memory.path)},share=on`;
  }
}

/** Locking is for images that somebody may write; these are read-only and shared by many guests. */
function disk(path: string, index: number): string[] {
  const id = `disk${index}`;
  return [
    ...['-drive', `if=none,id=${id},format=raw,readonly=on,file.locking=off,file=${value(path)}`],
    ...['-device', `virtio-blk-pci,drive=${id}`],
  ];
}

function vsockDevice(device: VsockDevice): string[] {
  const { driver, ...properties } = vsockProperties(device);
  const list = Object.entries(properties).map(([name, text]) => `${name}=${text}`);
  return [
    ...(device.kind === 'vhost-user' ? ['-chardev', `socket,id=${VSOCK_ID},path=${value(device.socket)}`] : []),
    ...['-device', [driver, ...list].join(',')],
  ];
}

/**
 * A network whose only peers are the forwards. One socat for each connection: with the `-tcp:` form all connections
 * would share one, and the second pull would hang. What socat has to complain about goes to a log: its standard error is the
 * guest's connection.
 */
function network(forwards: readonly GuestForward[], log: string): string[] {
  const rules = forwards.map(
    ({ guestAddress, socket }) =>
      `guestfwd=tcp:${guestAddress}-cmd:${value(`socat -lf${log} - UNIX-CONNECT:${socket}`)}`,
  );
  return [
    ...['-netdev', ['user', 'id=network', 'restrict=on', ...rules].join(',')],
    ...['-device', 'virtio-net-pci,netdev=network,romfile='],
  ];
}

/** A value within a QEMU option: commas are doubled. */
export function value(text: string): string {
  return text.replaceAll(',', ',,');
}
