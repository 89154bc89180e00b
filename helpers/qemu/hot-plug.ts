import { HarnessError } from '../errors.ts';
import type { Qmp } from './qmp.ts';
import type { HotPlug } from './vm-config.ts';

/** A device that is plugged into a running VM. */
export type PluggedDevice =
  /** A network interface without a network behind it, with this MAC address. */
  | { readonly kind: 'nic'; readonly mac: string }
  /** A virtio-blk disk backed by a raw image. */
  | { readonly kind: 'disk'; readonly path: string }
  /** One more CPU, of the VM's model. */
  | { readonly kind: 'cpu' }
  /** One DIMM. */
  | { readonly kind: 'memory'; readonly mib: number };

/** Where a plugged device is in the guest. */
export interface Plugged {
  /** PCI path in the form of the agent, such as `04/00`; absent for CPUs and memory. Source: src/agent/src/pci.rs. */
  readonly pciPath?: string;
}

/** A QMP command with its arguments. */
export type QmpCommand = readonly [command: string, parameters: Readonly<Record<string, unknown>>];

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

/** QMP commands that plug the `index`th device of a VM; `cpu` is a free entry of query-hotpluggable-cpus. */
export function plugCommands(device: PluggedDevice, index: number, cpu?: HotPluggableCpu): readonly QmpCommand[] {
  const id = `plugged${index}`;
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
      return [
        ['blockdev-add', { driver: 'raw', 'node-name': `node-${id}`, file: { driver: 'file', filename: device.path } }],
        ['device_add', { driver: 'virtio-blk-pci', id, bus: port(index), drive: `node-${id}` }],
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

/** Plugs devices into a VM; the disks' and interfaces' PCIe ports are used in order. */
export function plugger(qmp: Qmp, hotPlug: HotPlug): (device: PluggedDevice) => Promise<Plugged> {
  let used = 0;
  let others = hotPlug.ports;
  return async (device) => {
    const onBus = device.kind === 'nic' || device.kind === 'disk';
    if (onBus && used === hotPlug.ports)
      throw new HarnessError('hot-plug', `all ${hotPlug.ports} PCIe ports of this VM are used`);
    const index = onBus ? used++ : others++;
    for (const [command, parameters] of plugCommands(device, index, await freeCpu(qmp, device))) {
      await qmp.execute(command, parameters);
    }
    return onBus ? { pciPath: `${(FIRST_SLOT + index).toString(16)}/00` } : {};
  };
}

async function freeCpu(qmp: Qmp, { kind }: PluggedDevice): Promise<HotPluggableCpu | undefined> {
  if (kind !== 'cpu') return undefined;
  const all = await qmp.execute<HotPluggableCpu[]>('query-hotpluggable-cpus');
  return all.find((cpu) => cpu['qom-path'] === undefined);
}
