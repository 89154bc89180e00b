import { expect, test } from 'vitest';
import { rootfsKind } from './rootfs.ts';

test.for([
  ['kata', 'own', 'own'],
  ['kata', 'osbuilder', 'osbuilder'],
  // Its disks are layers that our own first process stacks.
  ['vm', 'osbuilder', 'own'],
] as const)('a guest of target %s with KATA_ROOTFS=%s has %s', ([target, rootfs, kind]) => {
  expect(rootfsKind({ target, rootfs })).toBe(kind);
});
