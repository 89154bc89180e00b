import { chmod, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeErofs } from '../../../helpers/disk/erofs.ts';
import type { StepContext } from '../../step.ts';

const IMAGE = 'layer.erofs';

/** Path of the disk image in a layer's artefact. */
export function layerIn(directory: string): string {
  return join(directory, IMAGE);
}

/** Builds the disk image of a layer from the tree that `fill` writes. */
export async function makeLayer(
  directory: string,
  { signal }: Pick<StepContext, 'signal'>,
  fill: (root: string) => Promise<void>,
): Promise<void> {
  const root = join(directory, 'root');
  await mkdir(root, { mode: 0o755 });
  await fill(root);
  await makeErofs(root, layerIn(directory), signal);
  await rm(root, { recursive: true });
}

/** Copies a file, or writes a text, to a path of a layer's tree. */
export async function place(
  content: string,
  target: string,
  mode: number,
  kind: 'file' | 'text' = 'file',
): Promise<void> {
  await mkdir(dirname(target), { recursive: true, mode: 0o755 });
  if (kind === 'text') await writeFile(target, content);
  else await copyFile(content, target);
  await chmod(target, mode);
}
