import { constants, copyFile, open } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../errors.ts';
import type { Qmp } from './qmp.ts';
import type { HotPlug } from './vm-config.ts';

/** A device that is plugged into a running VM. */
export type PluggedDevice =
  /** A network interface without a network behind it, with this MAC address. */
  | { readonly kind: 'nic'; readonly mac: string }
  /**
   * A virtio-blk disk, or a disk of the VM's only SCSI controller, whose driver the guest must have. It is empty, or a copy of
   * the raw image at the path `content`.
   */
  | { readonly kind: 'disk' | 'scsi-disk'; readonly mib: number; readonly content?: string }
  /** One more CPU, of the VM's model. */
  | { readonly kind: 'cpu' }
  /** One DIMM. */
  | { readonly kind: 'memory'; readonly mib: number };

/** Where a plugged device is in the guest. */
export interface Plugged {
  /** PCI path of a disk or interface in the form of the agent, such as `04/00`. Source: src/agent/src/pci.rs. */
  readonly pciPath?: string;
  /** SCSI id and LUN of a SCSI disk in the form of the agent, such as `1:0`. Source: `scan_scsi_bus` of the agent. */
  readonly scsiAddress?: string;
  /** Absolute path of a disk's raw image on this machine, which the VM has open. */
  readonly image?: string;
}

/** A QMP command with its arguments. */
export type QmpCommand = readonly [command: string, parameters: Readonly<Record<string, unknown>>];

/** Name of QEMU's SCSI controller for hot-plugged disks. */
const SCSI = 'plugged-scsi';

/** Slot of the first PCIe port for hot-plugged devices on the root bus; lower slots belong to fixed devices. */
const FIRST_SLOT = 0x10;

/** Id of a PCIe port for hot-plugged devices. */
function port(index: number): string {
  return `plug${index}`;
}

/** QEMU options of a VM into which devices can be plugged: empty PCIe ports on the root bus. */
export function hotPlugPorts({ ports }: HotPlug): string[] {
  return Array.from({ length: ports }, (_, index) => [
    '-device',
    `pcie-root-port,id=${port(index)},bus=pcie.0,addr=0x${(FIRST_SLOT + index).toString(16)},chassis=${FIRST_SLOT + index},slot=${FIRST_SLOT + index}`,
  ]).flat();
}

/** What plugging a device needs besides the device. */
export interface PlugContext {
  /** Number of the device; of an interface, disk or SCSI controller, the number of its PCIe port. */
  readonly index: number;
  /** Absolute path of a disk's image. */
  readonly image: string;
  /** A free entry of query-hotpluggable-cpus. */
  readonly cpu?: HotPluggableCpu | undefined;
}

/** QMP commands that plug a device into a VM. */
export function plugCommands(device: PluggedDevice, { cpu, image, index }: PlugContext): readonly QmpCommand[] {
  const id = `plugged${index}`;
  const node = `node-${id}`;
  switch (device.kind) {
    case 'nic':
      return [
        ['netdev_add', { type: 'hubport', id: `net-${id}`, hubid: index }],
        [
          'device_add',
          { driver: 'virtio-net-pci', id, bus: port(index), netdev: `net-${id}`, mac: device.mac, romfile: '' },
        ],
      ];
    case 'disk':
      return [blockNode(node, image), ['device_add', { driver: 'virtio-blk-pci', id, bus: port(index), drive: node }]];
    case 'scsi-disk':
      return [
        blockNode(node, image),
        ['device_add', { driver: 'scsi-hd', id, bus: `${SCSI}.0`, 'scsi-id': index, lun: 0, drive: node }],
      ];
    case 'cpu':
      if (cpu === undefined) throw new HarnessError('hot-plug', 'this VM has no CPU left to plug in');
      return [['device_add', { driver: cpu.type, id, ...cpu.props }]];
    case 'memory':
      return [
        [
          'object-add',
          { 'qom-type': 'memory-backend-memfd', id: `mem-${id}`, size: device.mib * 2 ** 20, share: true },
        ],
        ['device_add', { driver: 'pc-dimm', id, memdev: `mem-${id}` }],
      ];
  }
}

/** An entry of QMP's query-hotpluggable-cpus; `qom-path` is absent for a CPU that is not plugged in. */
export interface HotPluggableCpu {
  readonly type: string;
  readonly props: Readonly<Record<string, number>>;
  readonly 'qom-path'?: string;
}

function blockNode(node: string, image: string): QmpCommand {
  return ['blockdev-add', { driver: 'raw', 'node-name': node, file: { driver: 'file', filename: image } }];
}

/**
 * Plugs devices into a VM; the PCIe ports are used in order. Images of disks are created in `directory`, which is removed with
 * the VM.
 */
export function plugger(qmp: Qmp, hotPlug: HotPlug, directory: string): (device: PluggedDevice) => Promise<Plugged> {
  let used = 0;
  let others = hotPlug.ports;
  let hasScsi = false;
  const execute = async (commands: readonly QmpCommand[]): Promise<void> => {
    for (const [command, parameters] of commands) await qmp.execute(command, parameters);
  };
  const nextPort = (): number => {
    if (used === hotPlug.ports)
      throw new HarnessError('hot-plug', `all ${hotPlug.ports} PCIe ports of this VM are used`);
    return used++;
  };
  return async (device) => {
    const { kind } = device;
    if (kind === 'scsi-disk' && !hasScsi) {
      await execute([['device_add', { driver: 'virtio-scsi-pci', id: SCSI, bus: port(nextPort()) }]]);
      hasScsi = true;
    }
    const onBus = kind === 'nic' || kind === 'disk';
    const index = onBus ? nextPort() : others++;
    const image = join(directory, `plugged${index}.img`);
    if (kind === 'disk' || kind === 'scsi-disk') await createImage(image, device);
    const cpu = kind === 'cpu' ? await freeCpu(qmp) : undefined;
    await execute(plugCommands(device, { index, image, cpu }));
    if (kind === 'scsi-disk') return { image, scsiAddress: `${index}:0` };
    const pciPath = `${(FIRST_SLOT + index).toString(16)}/00`;
    if (kind === 'disk') return { image, pciPath };
    return onBus ? { pciPath } : {};
  };
}

async function createImage(
  path: string,
  { content, mib }: { readonly content?: string; readonly mib: number },
): Promise<void> {
  if (content !== undefined) await copyFile(content, path, constants.COPYFILE_EXCL);
  await using file = await open(path, 'a');
  await file.truncate(mib * 2 ** 20);
}

async function freeCpu(qmp: Qmp): Promise<HotPluggableCpu | undefined> {
  const all = await qmp.execute<HotPluggableCpu[]>('query-hotpluggable-cpus');
  return all.find((cpu) => cpu['qom-path'] === undefined);
}
