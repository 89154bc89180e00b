import { mkdtemp, rm } from 'node:fs/promises';
import { run } from '../process/exec.ts';
import type { Image } from './image.ts';
import { writeLayout } from './layout.ts';

/** Writes images by reference as an OCI archive, which `ctr images import` reads. */
export async function writeArchive(
  file: string,
  content: ReadonlyMap<string, Image>,
  signal?: AbortSignal,
): Promise<void> {
  const layout = await mkdtemp(`${file}-`);
  await writeLayout(layout, content);
  await run(['tar', '-C', layout, '-cf', file, '.'], { signal });
  await rm(layout, { recursive: true });
}
