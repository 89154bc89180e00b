import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Digest of a file, or of a directory's files except tests. */
export async function digestOf(path: string): Promise<string> {
  if (!(await stat(path)).isDirectory()) return digestText(await readFile(path));
  const names = (await readdir(path)).filter((name) => !name.endsWith('.test.ts')).sort();
  const parts = await Promise.all(names.map(async (name) => `${name}:${await digestOf(join(path, name))}`));
  return digestText(parts.join('\n'));
}

/** SHA-256 digest of a text or buffer, in hexadecimal. */
export function digestText(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
