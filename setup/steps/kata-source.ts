import { copyFile, mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { cargoBuild } from '../../helpers/cargo.ts';
import { exportSnapshot } from '../../helpers/git/export.ts';
import { gitStore } from '../git-store.ts';
import { withoutWhat } from '../left-out.ts';
import type { KataRevision, KataSource } from '../settle.ts';
import type { StepContext } from '../step.ts';

type BuildContext = Pick<StepContext, 'config' | 'say' | 'signal'>;

/**
 * Kata's source in a directory of its own beside what is made of it, until `build` is done with it. `build` gets what is not
 * in the checkout, in words; this returns what it returns.
 */
export async function withSource<Out>(
  directory: string,
  source: KataRevision,
  { config, say, signal }: BuildContext,
  build: (checkout: string, notes: readonly string[]) => Promise<Out>,
): Promise<Out> {
  const checkout = join(directory, 'checkout');
  await mkdir(checkout);
  say(`reading ${source.name}`);
  const { leftOut } = await exportSnapshot(source.snapshot, gitStore(config), checkout, signal);
  const notes = leftOut.length === 0 ? [] : [`built${withoutWhat(leftOut)}: the repository does not hold them`];
  for (const note of notes) say(note);
  const built = await build(checkout, notes);
  await rm(checkout, { recursive: true });
  return built;
}

/** Said before the compiler is. */
export function compiling({ name }: KataSource): string {
  return `compiling ${name}; some minutes the first time`;
}

/** Compiles a crate of Kata's and puts its program at `binary`, by whose name it is known. Gives what was done for that. */
export async function compileCrate(
  crate: string,
  binary: string,
  source: KataSource,
  { config, say, signal }: BuildContext,
): Promise<readonly string[]> {
  say(compiling(source));
  const targetDir = join(config.cacheDir, 'cargo-target');
  const changes = await cargoBuild({ cargo: source.cargo, crate, targetDir, signal, say });
  await copyFile(join(targetDir, 'release', basename(binary)), binary);
  return changes;
}
