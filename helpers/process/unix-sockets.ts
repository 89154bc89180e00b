import { readFile } from 'node:fs/promises';
import { createConnection } from 'node:net';

/** Paths of the unix sockets below a directory that a process, even an ending one, still has open. */
export async function openSocketsBelow(directory: string, proc = '/proc'): Promise<string[]> {
  const names = parseUnixSockets(await readFile(`${proc}/net/unix`, 'utf8'));
  return names.filter((name) => name.startsWith(`${directory}/`));
}

/**
 * A line of /proc/net/unix: address and seven columns, of which the last is the inode. Source: unix_seq_show() of
 * net/unix/af_unix.c.
 */
const COLUMNS = /^[0-9a-f]+: [0-9A-F]{8} [0-9A-F]{8} [0-9A-F]{8} [0-9A-F]{4} [0-9A-F]{2} +\d+/;

/**
 * Names of the sockets in the text of /proc/net/unix, without unnamed sockets. The kernel does not escape blanks and
 * line ends in paths; an abstract name begins with `@`.
 */
export function parseUnixSockets(text: string): string[] {
  const names: string[] = [];
  // The first line of /proc/net/unix names the columns.
  for (const line of text.replace(/\n$/, '').split('\n').slice(1)) {
    const [columns] = COLUMNS.exec(line) ?? [];
    if (columns !== undefined) names.push(line.slice(columns.length + 1));
    else names.push(`${names.pop() ?? ''}\n${line}`);
  }
  return names.filter((name) => name !== '');
}

/**
 * Whether a server accepts connections on a unix socket. The socket file alone does not show that: it is created before
 * the server listens, and remains after the server is killed.
 */
export function acceptsConnections(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(false);
      else reject(error);
    });
  });
}
