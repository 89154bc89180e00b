/** First sector of a disk's only partition: at 1 MiB, the default of partitioning tools. */
export const PARTITION_START = 2_048;

const SECTOR = 512;
const LINUX = 0x83;
/** CHS values in a partition table that mean "use the sector numbers". */
const NO_GEOMETRY = [0xfe, 0xff, 0xff];

/** The first sector (MBR) of a disk with one Linux partition of `bytes` bytes. */
export function partitionTable(bytes: number): Buffer {
  const sector = Buffer.alloc(SECTOR);
  const entry = sector.subarray(446, 462);
  entry.set(NO_GEOMETRY, 1);
  entry[4] = LINUX;
  entry.set(NO_GEOMETRY, 5);
  entry.writeUInt32LE(PARTITION_START, 8);
  entry.writeUInt32LE(bytes / SECTOR, 12);
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}
