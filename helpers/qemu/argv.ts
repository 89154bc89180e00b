import { hotPlugPorts } from './hot-plug.ts';
import type { GuestForward, GuestMemory, HotPlug, VmConfig, VsockDevice } from './vm-config.ts';
import { VSOCK_ID, VSOCK_SLOT } from './vm-config.ts';

/** Name of the QEMU program on PATH. */
export const QEMU = 'qemu-system-x86_64';

const MEMORY_ID = 'memory';

/**
 * CPU models. With TCG, a model without AVX and fast string operations: programs use those where they find them, and TCG
 * emulates each in a helper call instead of a few instructions. Compared to `max`, a pull takes three quarters of the CPU
 * time. The model also lacks SSE 4.2: with it, a Go program that may compute a CRC-32C fills its tables at start with
 * 190,000 CRC instructions, each emulated by a loop of 64 rounds. Without it, skopeo and umoci start 12 ms faster, of 70 and
 * 33 ms.
 */
const PROCESSORS = { kvm: 'host', tcg: 'Nehalem,-sse4.2' } as const;

/**
 * The QEMU command line of a VM. The machine type is q35: microvm under emulation sometimes hangs, since it has no
 * clock to calibrate by. Default devices are off, so that a guest has exactly the devices in this command line.
 */
export function qemuArguments(config: VmConfig): string[] {
  const { accelerator, commandLine, consoleLog, cpus, disks, hotPlug, incoming, initrd, kernel, memoryMib, sockets } =
    config;
  return [
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...['-machine', `q35,usb=off,vmport=off,memory-backend=${MEMORY_ID}`],
    ...['-accel', acceleration(config), '-cpu', PROCESSORS[accelerator]],
    ...['-smp', processors(cpus, hotPlug), '-m', memorySize(memoryMib, hotPlug)],
    ...['-object', memoryObject(config.memory, memoryMib)],
    ...['-chardev', `socket,id=console,path=${value(sockets.console)},server=on,wait=off,logfile=${value(consoleLog)}`],
    ...['-serial', 'chardev:console'],
    ...['-qmp', `unix:${value(sockets.qmp)},server=on,wait=off`],
    ...['-device', 'virtio-rng-pci'],
    ...['-device', `pcie-root-port,id=${VSOCK_SLOT},chassis=1,slot=1`],
    ...(hotPlug === undefined ? [] : hotPlugPorts(hotPlug)),
    ...disks.flatMap(disk),
    ...(config.vsock === undefined ? [] : vsockDevice(config.vsock)),
    ...(config.forwards === undefined ? [] : network(config.forwards, config.forwardLog)),
    ...['-kernel', kernel, ...(initrd === undefined ? [] : ['-initrd', initrd]), '-append', commandLine],
    ...(incoming ? ['-incoming', 'defer'] : []),
  ];
}

/**
 * QEMU's accelerator option. With TCG, several vCPUs run in one thread. With one thread per vCPU, QEMU 7.2 can keep a
 * stale translation of code that another vCPU has changed. Linux patches its own code at run time with a temporary
 * breakpoint; both vCPUs of a guest were stuck in such a breakpoint for ever, which looks the same as a slow boot.
 */
function acceleration({ accelerator, cpus, hotPlug }: Pick<VmConfig, 'accelerator' | 'cpus' | 'hotPlug'>): string {
  return accelerator === 'tcg' && cpus + (hotPlug?.cpus ?? 0) > 1 ? 'tcg,thread=single' : accelerator;
}

function processors(cpus: number, hotPlug: HotPlug | undefined): string {
  return hotPlug === undefined ? String(cpus) : `${cpus},maxcpus=${cpus + hotPlug.cpus}`;
}

function memorySize(mib: number, hotPlug: HotPlug | undefined): string {
  return hotPlug === undefined ? String(mib) : `${mib},slots=1,maxmem=${mib + hotPlug.memoryMib}M`;
}

/** Properties of the guest's vsock device, for the command line and for `device_add`. */
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

/** QEMU options of a disk without file locking: the images are read-only and shared by many guests. */
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
 * QEMU options of a user network that reaches the forwards and nothing else. Each connection gets a socat of its own:
 * with the `-tcp:` form all connections share one, and the second pull hangs. socat logs to a file, since its standard
 * error is the guest's connection.
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

/** Escapes a value within a QEMU option by doubling its commas. */
export function value(text: string): string {
  return text.replaceAll(',', ',,');
}
