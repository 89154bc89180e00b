import { expect, test } from 'vitest';
import { verityTable } from './kernel-root.ts';

test("verityTable is the parameter that Kata's runtime makes of kernel_verity_params", () => {
  const parameters = { rootHash: 'abc', salt: 'def', dataBlocks: 92_042, dataBlockSize: 4_096, hashBlockSize: 1_024 };
  expect(verityTable(parameters)).toBe(
    'dm-mod.create="dm-verity,,,ro,0 736336 verity 1 /dev/vda1 /dev/vda2 4096 1024 92042 0 sha256 abc def"',
  );
});
