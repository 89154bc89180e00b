import { readdir, readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { ConfigError, messageOf } from '../../helpers/errors.ts';
import { fileExists } from '../../helpers/files.ts';
import { parseToml } from '../../helpers/text/toml-read.ts';
import type { ConfigFile } from './containerd-config.ts';

/**
 * containerd's configuration: the file at `path` and its imports, in the order containerd reads them. A missing main
 * file is returned empty. Throws {@link ConfigError} for a file that cannot be read.
 */
export async function readContainerdConfig(path: string): Promise<readonly ConfigFile[]> {
  if (!(await fileExists(path))) return [{ path, text: '' }];
  const files: ConfigFile[] = [];
  const pending = [path];
  for (const next of pending) {
    if (files.some((file) => file.path === next)) continue;
    const { imports, text } = await read(next);
    files.push({ path: next, text });
    pending.push(...imports);
  }
  return files;
}

/**
 * Text of a containerd configuration file, and the paths of its imports; those of a pattern are sorted. Source:
 * containerd's config.go.
 */
async function read(path: string): Promise<{ readonly text: string; readonly imports: readonly string[] }> {
  try {
    // The text is decoded strictly: text that is not UTF-8 is not TOML, and a byte order mark is kept.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
    const { imports = [] } = parseToml(text);
    const names = Array.isArray(imports) ? imports.map(String) : [];
    const paths = names.map((name) => (isAbsolute(name) ? name : join(dirname(path), name)));
    return { text, imports: (await Promise.all(paths.map(expand))).flat() };
  } catch (cause) {
    throw new ConfigError(`${path}: ${messageOf(cause)}`, { cause });
  }
}

/** Paths that match a pattern of Go's filepath.Glob; a path without `*` is returned even if it does not exist. */
async function expand(pattern: string): Promise<readonly string[]> {
  if (!pattern.includes('*')) return [pattern];
  let found = ['/'];
  for (const part of pattern.split('/').filter(Boolean)) {
    const below = await Promise.all(found.map((directory) => matching(directory, part)));
    found = below.flat();
  }
  return found;
}

async function matching(directory: string, part: string): Promise<readonly string[]> {
  const matches = new RegExp(
    `^${part
      .replaceAll(/[.+^${}()|\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  return names
    .filter((name) => matches.test(name))
    .sort()
    .map((name) => join(directory, name));
}
