import { describe, expect, test } from 'vitest';
import { insertionOrder, type ModuleTree, moduleName, parseDependencies } from './modules.ts';

const TREE: ModuleTree = {
  dependencies: parseDependencies(
    ['fs/erofs.ko: lib/crc.ko', 'lib/crc.ko:', 'net/vsock-a.ko.xz: net/vsock.ko.xz', 'net/vsock.ko.xz:', ''].join('\n'),
  ),
  builtIn: new Set(['virtio']),
};

describe('modules of a kernel', () => {
  test('come after what they need, once each', () => {
    expect(insertionOrder(TREE, ['erofs', 'crc', 'vsock_a'])).toEqual([
      'lib/crc.ko',
      'fs/erofs.ko',
      'net/vsock.ko.xz',
      'net/vsock-a.ko.xz',
    ]);
  });

  test('that are built in need not be inserted', () => {
    expect(insertionOrder(TREE, ['virtio'])).toEqual([]);
  });

  test('that are not there are named', () => {
    expect(() => insertionOrder(TREE, ['nosuch'])).toThrow('this kernel has no module nosuch, nor is it built in');
  });

  test('have one name however their files are called', () => {
    expect(moduleName('kernel/drivers/virtio-rng.ko.zst')).toBe('virtio_rng');
  });
});
