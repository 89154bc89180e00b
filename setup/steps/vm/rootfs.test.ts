import { expect, test } from 'vitest';
import { rootfsKind } from './rootfs.ts';

test.for([
  ['kata', 'own', 'own'],
  ['kata', 'osbuilder', 'osbuilder'],
  // Target vm always gets this project's root file system: its disks are layers that our own init stacks.
  ['vm', 'osbuilder', 'own'],
] as const)(
  'a guest of target %s with KATA_ROOTFS=%s has the root file system of kind %s',
  ([target, rootfs, kind]) => {
    expect(rootfsKind({ target, rootfs })).toBe(kind);
  },
);
