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
