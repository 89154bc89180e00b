import { run } from '../process/exec.ts';

/** Fixed UUID of EROFS images, so that the same files give the same image. */
const UUID = '6b617461-6363-4000-8000-000000000000';

/**
 * Creates a read-only EROFS image of a directory, with owner root and all times zero: the same files give the same
 * image. Needs no loop device.
 */
export async function makeErofs(directory: string, image: string, signal?: AbortSignal): Promise<void> {
  await run(['mkfs.erofs', '--quiet', '-T0', `-U${UUID}`, '--all-root', image, directory], { signal });
}

/**
 * The same with every file at a block of its own, as in Kata's images; otherwise the end of a file shares a block with its inode. Source:
 * create_erofs_rootfs_image in tools/osbuilder/image-builder/image_builder.sh of Kata.
 */
export async function makeAlignedErofs(directory: string, image: string, signal?: AbortSignal): Promise<void> {
  await run(['mkfs.erofs', '--quiet', '-T0', `-U${UUID}`, '-Enoinline_data', '--all-root', image, directory], {
    signal,
  });
}
