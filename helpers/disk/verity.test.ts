import { expect, test } from 'vitest';
import { firstLeaf, parseVerity } from './verity.ts';

const OUTPUT = `VERITY header information for tree
UUID:            \t
Hash type:       \t1
Data blocks:     \t1280
Data block size: \t4096
Hash blocks:     \t11
Hash block size: \t4096
Hash algorithm:  \tsha256
Salt:            \t92feb96e
Root hash:      \t9427213a
Hash device size: \t45056 [bytes]
`;

test('parseVerity reads the parameters that veritysetup prints', () => {
  const expected = {
    rootHash: '9427213a',
    salt: '92feb96e',
    dataBlocks: 1_280,
    dataBlockSize: 4_096,
    hashBlockSize: 4_096,
  };
  expect(parseVerity(OUTPUT)).toEqual(expected);
  // veritysetup of cryptsetup 2.7 has the unit behind sizes.
  expect(parseVerity(OUTPUT.replaceAll('size: \t4096', 'size: \t4096 [bytes]'))).toEqual(expected);
});

test('parseVerity names the field that the output lacks', () => {
  expect(() => parseVerity(OUTPUT.replace(/^Salt.*\n/m, ''))).toThrow('veritysetup format prints no "Salt"');
});

test.for([
  [128, 0],
  [129, 1],
  // 10 leaves below one root: veritysetup's 11 hash blocks above
  [1_280, 1],
  [16_384, 1],
  [16_385, 3],
])('firstLeaf of %i data blocks is block %i', ([dataBlocks = 0, block]) => {
  expect(firstLeaf({ ...parseVerity(OUTPUT), dataBlocks })).toBe(block);
});
