import type { VerityParameters } from '../disk/verity.ts';

/**
 * Blocks of a measured image that tests change. `superblock`: the first data block; `runAgent`: the block of the script that executes the
 * agent; `unread`: the second of the three blocks of a file that no boot reads; `rootHashes`: the root of the hash tree; `leafHashes`: the
 * block with the hash of the first data block.
 */
export type BlockName = 'superblock' | 'runAgent' | 'unread' | 'rootHashes' | 'leafHashes';

/** A block of a measured image. */
export interface MeasuredBlock {
  /** Position on the disk of a byte of the block. Only in the block `unread` does the byte have a meaning. */
  readonly offset: number;
  /** How dm-verity names the block in its errors. */
  readonly name: `${'data' | 'metadata'} block ${number}`;
}

/** A disk image with a guest's root file system and, in a second partition, the hash tree of dm-verity. */
export interface MeasuredImage {
  readonly path: string;
  /** Initrd that mounts the image for a kernel without DM_INIT; absent if the kernel mounts it itself. */
  readonly initrd?: string;
  readonly verity: VerityParameters;
  readonly blocks: Readonly<Record<BlockName, MeasuredBlock>>;
}
