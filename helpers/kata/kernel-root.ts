import type { VerityParameters } from '../disk/verity.ts';

const SECTOR = 512;

/** The first and the second partition of a guest's image on a virtio disk: file system and hash tree. */
const ROOT = '/dev/vda1';
const TREE = '/dev/vda2';

/*
 * Kernel parameters by which the kernel of a guest of Kata mounts an image with EROFS. Source: GetKernelRootParams in
 * src/runtime/virtcontainers/hypervisor.go of Kata 4.1.0.
 */

/** The parameters of a hash tree as Kata's setting and annotation kernel_verity_params has them. Source: ParseKernelVerityParams there. */
export function kernelVerityParams(verity: VerityParameters): string {
  const { dataBlocks, dataBlockSize, hashBlockSize, rootHash, salt } = verity;
  const sizes = `data_blocks=${dataBlocks},data_block_size=${dataBlockSize},hash_block_size=${hashBlockSize}`;
  return `root_hash=${rootHash},salt=${salt},${sizes}`;
}

/** Parameters of an image that is not verified: Kata's configuration has no kernel_verity_params. */
export const UNVERIFIED_ROOT = [`root=${ROOT}`, ...fileSystem()] as const;

/** Parameter by which the kernel creates the dm-verity device of Kata's kernel_verity_params; the kernel needs DM_INIT. */
export function verityTable({ dataBlocks, dataBlockSize, hashBlockSize, rootHash, salt }: VerityParameters): string {
  const sectors = (dataBlockSize / SECTOR) * dataBlocks;
  const target = `verity 1 ${ROOT} ${TREE} ${dataBlockSize} ${hashBlockSize} ${dataBlocks} 0 sha256 ${rootHash} ${salt}`;
  return `dm-mod.create="dm-verity,,,ro,0 ${sectors} ${target}"`;
}

/** Parameters that mount the device of {@link verityTable}. */
export const VERIFIED_ROOT = ['root=/dev/dm-0', ...fileSystem()] as const;

function fileSystem(): readonly string[] {
  return ['rootflags=ro', 'rootfstype=erofs'];
}
