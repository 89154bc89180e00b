import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment, RunOptions } from '../process/exec.ts';
import { git } from './command.ts';

/**
 * Git attributes that leave files unchanged, byte for byte; info/attributes takes precedence over the attributes of any
 * tree.
 */
const ATTRIBUTES = '* -text -eol -ident -filter -working-tree-encoding -export-ignore -export-subst\n';

/** git settings that override the user's. */
const SETTINGS = {
  'core.autocrlf': 'false',
  'core.attributesFile': '/dev/null',
  'core.bare': 'false',
  'core.fileMode': 'true',
  'core.fsmonitor': 'false',
  'core.hooksPath': '/dev/null',
  'core.symlinks': 'true',
} as const;

/** Runs git with a separate index; returns stdout, one character per byte. */
export type PlainGit = (args: readonly string[], options?: Pick<RunOptions, 'input' | 'okCodes'>) => Promise<string>;

/**
 * Calls `use` with a git whose index is empty and whose work tree is `directory`. Neither attributes nor settings change the
 * files it reads and writes. `objects` sets the object directory. The original repository is not changed.
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
