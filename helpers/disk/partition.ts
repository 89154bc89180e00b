/** First sector of a disk's first partition: at 1 MiB, the default of partitioning tools. */
export const PARTITION_START = 2_048;

const SECTOR = 512;
const LINUX = 0x83;
/** CHS values in a partition table that mean "use the sector numbers". */
const NO_GEOMETRY = [0xfe, 0xff, 0xff];

/** The first sector (MBR) of a disk with Linux partitions of these sizes in bytes, one behind the other. */
export function partitionTable(sizes: readonly number[]): Buffer {
  const table = Buffer.alloc(SECTOR);
  let start = PARTITION_START;
  for (const [index, bytes] of sizes.entries()) {
    const entry = table.subarray(446 + 16 * index, 446 + 16 * (index + 1));
    const sectors = bytes / SECTOR;
    entry.set(NO_GEOMETRY, 1);
    entry[4] = LINUX;
    entry.set(NO_GEOMETRY, 5);
    entry.writeUInt32LE(start, 8);
    entry.writeUInt32LE(sectors, 12);
    start += sectors;
  }
  table.writeUInt16LE(0xaa55, 510);
  return table;
}
