import { describe, expect, test } from 'vitest';
import { plugCommands } from './hot-plug.ts';

const CONTEXT = { index: 3, image: '/vm/plugged3.img' };
const NODE = {
  driver: 'raw',
  'node-name': 'node-plugged3',
  file: { driver: 'file', filename: '/vm/plugged3.img' },
};

describe('devices that are plugged into a VM', () => {
  test('plugCommands opens the image of a disk before it adds the disk to the PCIe port of its number', () => {
    expect(plugCommands({ kind: 'disk', mib: 8 }, CONTEXT)).toEqual([
      ['blockdev-add', NODE],
      ['device_add', { driver: 'virtio-blk-pci', id: 'plugged3', bus: 'plug3', drive: 'node-plugged3' }],
    ]);
  });

  test('plugCommands adds a SCSI disk to the SCSI controller, with its number as SCSI id', () => {
    expect(plugCommands({ kind: 'scsi-disk', mib: 8 }, CONTEXT)).toEqual([
      ['blockdev-add', NODE],
      [
        'device_add',
        { driver: 'scsi-hd', id: 'plugged3', bus: 'plugged-scsi.0', 'scsi-id': 3, lun: 0, drive: 'node-plugged3' },
      ],
    ]);
  });

  test('plugCommands rejects a CPU for a VM that has none left', () => {
    expect(() => plugCommands({ kind: 'cpu' }, CONTEXT)).toThrow('this VM has no CPU left to plug in');
  });
});
