import { describe, expect, test } from 'vitest';
import { insertionOrder, type ModuleTree, moduleName, parseDependencies } from './modules.ts';

const TREE: ModuleTree = {
  dependencies: parseDependencies(
    ['fs/erofs.ko: lib/crc.ko', 'lib/crc.ko:', 'net/vsock-a.ko.xz: net/vsock.ko.xz', 'net/vsock.ko.xz:', ''].join('\n'),
  ),
  builtIn: new Set(['virtio']),
};

describe('kernel modules', () => {
  test('insertionOrder lists each module once, after its dependencies', () => {
    expect(insertionOrder(TREE, ['erofs', 'crc', 'vsock_a'])).toEqual([
      'lib/crc.ko',
      'fs/erofs.ko',
      'net/vsock.ko.xz',
      'net/vsock-a.ko.xz',
    ]);
  });

  test('insertionOrder leaves out built-in modules', () => {
    expect(insertionOrder(TREE, ['virtio'])).toEqual([]);
  });

  test('insertionOrder rejects an unknown module and names it', () => {
    expect(() => insertionOrder(TREE, ['nosuch'])).toThrow(
      'this kernel has no module nosuch, neither loadable nor built in',
    );
  });

  test('moduleName strips directory and suffix, and replaces - by _', () => {
    expect(moduleName('kernel/drivers/virtio-rng.ko.zst')).toBe('virtio_rng');
  });
});
