import { readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileExists } from '../files.ts';
import { inTemporaryDirectory } from '../temporary-directory.ts';
import { padToMib, writePartitionedDisk } from './partitioned-disk.ts';

const MIB = 2 ** 20;

test('a disk image has its partitions behind its table, one after the other, up to their last zeros', async () => {
  await inTemporaryDirectory(join(tmpdir(), 'kata-cc-partitions-'), async (directory) => {
    const [first, second, image] = ['first', 'second', 'image'].map((name) => join(directory, name)) as [
      string,
      string,
      string,
    ];
    await writeFile(first, Buffer.alloc(MIB + 1, 'a'));
    await writeFile(second, Buffer.concat([Buffer.alloc(10, 'b'), Buffer.alloc(MIB - 10)]));
    await padToMib(first);
    expect((await stat(first)).size).toBe(2 * MIB);
    expect(await writePartitionedDisk(image, [first, second], AbortSignal.timeout(10_000))).toBe(4 * MIB);
    const disk = await readFile(image);
    expect(disk.length).toBe(4 * MIB);
    // The entries of the table: first sector and number of sectors.
    expect([0, 1].map((entry) => [8, 12].map((at) => disk.readUInt32LE(446 + 16 * entry + at)))).toEqual([
      [2_048, 4_096],
      [6_144, 2_048],
    ]);
    expect(disk.subarray(MIB, 2 * MIB + 1).equals(Buffer.alloc(MIB + 1, 'a'))).toBe(true);
    expect(disk.subarray(2 * MIB + 1, 3 * MIB).equals(Buffer.alloc(MIB - 1))).toBe(true);
    expect(disk.subarray(3 * MIB, 3 * MIB + 11).toString()).toBe('bbbbbbbbbb\0');
    expect(await Promise.all([first, second].map(fileExists))).toEqual([false, false]);
  });
});
