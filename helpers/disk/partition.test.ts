import { expect, test } from 'vitest';
import { partitionTable } from './partition.ts';

test('partitionTable has one Linux partition from 1 MiB on, and the MBR signature', () => {
  const table = partitionTable([400 * 2 ** 20]);
  expect(table.length).toBe(512);
  expect(table[446 + 4]).toBe(0x83);
  expect(table.readUInt32LE(446 + 8)).toBe(2_048);
  expect(table.readUInt32LE(446 + 12)).toBe(819_200);
  expect(table.subarray(462, 510)).toEqual(Buffer.alloc(48));
  expect(table.subarray(510)).toEqual(Buffer.from([0x55, 0xaa]));
});

test('partitionTable starts the second partition behind the first', () => {
  const table = partitionTable([2 ** 20, 3 * 2 ** 20]);
  expect(table[462 + 4]).toBe(0x83);
  expect(table.readUInt32LE(462 + 8)).toBe(4_096);
  expect(table.readUInt32LE(462 + 12)).toBe(6_144);
});
