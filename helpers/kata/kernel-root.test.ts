import { expect, test } from 'vitest';
import { kernelVerityParams, verityTable } from './kernel-root.ts';

const PARAMETERS = { rootHash: 'abc', salt: 'def', dataBlocks: 92_042, dataBlockSize: 4_096, hashBlockSize: 1_024 };

test('kernelVerityParams has all parameters that Kata’s runtime requires', () => {
  expect(kernelVerityParams(PARAMETERS)).toBe(
    'root_hash=abc,salt=def,data_blocks=92042,data_block_size=4096,hash_block_size=1024',
  );
});

test("verityTable is the parameter that Kata's runtime makes of kernel_verity_params", () => {
  expect(verityTable(PARAMETERS)).toBe(
    'dm-mod.create="dm-verity,,,ro,0 736336 verity 1 /dev/vda1 /dev/vda2 4096 1024 92042 0 sha256 abc def"',
  );
});
