import { writeFile } from 'node:fs/promises';
import { HarnessError } from '../errors.ts';
import { run } from '../process/exec.ts';

/** Parameters of a dm-verity device: what `veritysetup format` prints. */
export interface VerityParameters {
  readonly rootHash: string;
  readonly salt: string;
  readonly dataBlocks: number;
  readonly dataBlockSize: number;
  readonly hashBlockSize: number;
}

/** Length in bytes of SHA-256, veritysetup's default. */
const DIGEST_BYTES = 32;

/** Writes the hash tree of the file `data` to the file `tree`, without a superblock, and returns the parameters of both. */
export async function formatVerity(data: string, tree: string, signal?: AbortSignal): Promise<VerityParameters> {
  await writeFile(tree, '');
  const { stdout } = await run(['veritysetup', 'format', '--no-superblock', data, tree], { signal });
  return parseVerity(stdout);
}

/** Parses the output of `veritysetup format`. */
export function parseVerity(output: string): VerityParameters {
  const field = (label: string): string => {
    const found = new RegExp(`^${label}:\\s*(\\w+)`, 'm').exec(output)?.[1];
    if (found === undefined)
      throw new HarnessError('verity', `veritysetup format prints no "${label}": ${JSON.stringify(output)}`);
    return found;
  };
  return {
    rootHash: field('Root hash'),
    salt: field('Salt'),
    dataBlocks: Number(field('Data blocks')),
    dataBlockSize: Number(field('Data block size')),
    hashBlockSize: Number(field('Hash block size')),
  };
}

/**
 * Number of the block of a hash tree with the hash of the first data block. The tree's levels follow one another, the root, which is one
 * block, first.
 */
export function firstLeaf({ dataBlocks, hashBlockSize }: VerityParameters): number {
  const hashesPerBlock = hashBlockSize / DIGEST_BYTES;
  let above = 0;
  for (let level = Math.ceil(dataBlocks / hashesPerBlock); level > 1; ) {
    level = Math.ceil(level / hashesPerBlock);
    above += level;
  }
  return above;
}
