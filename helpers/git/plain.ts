import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment, RunOptions } from '../exec.ts';
import { git } from './command.ts';

/** Attributes of this file outrank those of any tree: files stay, byte for byte, as they are. */
const ATTRIBUTES = '* -text -eol -ident -filter -working-tree-encoding -export-ignore -export-subst\n';

/** Whatever the user's git is set to. */
const SETTINGS = {
  'core.autocrlf': 'false',
  'core.attributesFile': '/dev/null',
  'core.bare': 'false',
  'core.fileMode': 'true',
  'core.fsmonitor': 'false',
  'core.hooksPath': '/dev/null',
  'core.symlinks': 'true',
} as const;

/** Runs git between a directory and an index of its own; gives stdout, one character per byte. */
export type PlainGit = (args: readonly string[], options?: Pick<RunOptions, 'input' | 'env'>) => Promise<string>;

/**
 * Gives `use` a git whose index is empty and whose work tree is `directory`. Neither attributes nor settings change what it
 * reads from files and writes to them. `objects` says where objects are kept. The repository it works for is not touched.
 */
export async function withPlainGit<Out>(
  directory: string,
  objects: Environment,
  use: (git: PlainGit) => Promise<Out>,
  signal?: AbortSignal,
): Promise<Out> {
  const own = await mkdtemp(join(tmpdir(), 'kata-cc-index-'));
  try {
    for (const name of ['objects', 'refs', 'info']) await mkdir(join(own, name));
    await writeFile(join(own, 'HEAD'), 'ref: refs/heads/none\n');
    await writeFile(join(own, 'info/attributes'), ATTRIBUTES);
    const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const env = { GIT_DIR: own, GIT_WORK_TREE: directory, ...objects };
    return await use((args, options) =>
      git(directory, [...settings, ...args], { bytes: true, signal, ...options, env }),
    );
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}
