import { readFile } from 'node:fs/promises';

/** Paths of the unix sockets below a directory that some process still has open, ending ones included. */
export async function openSocketsBelow(directory: string): Promise<string[]> {
  const lines = (await readFile('/proc/net/unix', 'utf8')).split('\n');
  return lines.map((line) => line.split(' ').at(-1) ?? '').filter((path) => path.startsWith(`${directory}/`));
}
