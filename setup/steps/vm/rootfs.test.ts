import { expect, test } from 'vitest';
import { rootfsKind } from './rootfs.ts';

test.for([
  ['kata', 'own', 'own'],
  ['kata', 'osbuilder', 'osbuilder'],
  // The disks of target vm are layers that our own init stacks.
  ['vm', 'osbuilder', 'own'],
] as const)('a guest of target %s with KATA_ROOTFS=%s has the root file system %s', ([target, rootfs, kind]) => {
  expect(rootfsKind({ target, rootfs })).toBe(kind);
});
