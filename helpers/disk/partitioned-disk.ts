import { rm, stat, truncate, writeFile } from 'node:fs/promises';
import { run } from '../process/exec.ts';
import { PARTITION_START, partitionTable } from './partition.ts';

const MIB = 2 ** 20;

/** Extends a file to a whole number of MiB, as partitioning tools align. */
export async function padToMib(path: string): Promise<void> {
  await truncate(path, Math.ceil((await stat(path)).size / MIB) * MIB);
}

/**
 * Writes a disk image whose partitions are these files, one behind the other, and removes the files; their sizes are whole numbers of MiB.
 * Zeros become holes. Returns the offset of the first byte behind the partitions, where the image ends.
 */
export async function writePartitionedDisk(
  image: string,
  partitions: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const sizes = await Promise.all(partitions.map(async (path) => (await stat(path)).size));
  await writeFile(image, partitionTable(sizes));
  let end = PARTITION_START * 512;
  for (const [index, path] of partitions.entries()) {
    const copy = [`if=${path}`, `of=${image}`, 'bs=1M', `seek=${end / MIB}`];
    await run(['dd', ...copy, 'conv=notrunc,sparse', 'status=none'], { signal });
    end += sizes[index] ?? 0;
    await rm(path);
  }
  await truncate(image, end);
  return end;
}
