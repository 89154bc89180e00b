import { readdir, readFile, readlink } from 'node:fs/promises';

/** State `LISTEN` in /proc/net/tcp. Source: TCP_LISTEN of include/net/tcp_states.h. */
const LISTEN = '0A';

/** Pid of a process of this network namespace that listens on a TCP port, IPv4 or IPv6. Throws if there is none. */
export async function listenerOf(port: number): Promise<number> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'utf8')));
  const links = new Set(tables.flatMap((table) => listeningInodes(table, port)).map((inode) => `socket:[${inode}]`));
  for (const pid of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    if ((await openFiles(pid)).some((link) => links.has(link))) return Number(pid);
  }
  throw new Error(`no process of this machine listens on TCP port ${port}`);
}

/** Inodes of the sockets that listen on a port, in the text of /proc/net/tcp or tcp6. */
export function listeningInodes(table: string, port: number): string[] {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table.split('\n').flatMap((line) => {
    const [, address = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    return state === LISTEN && address.endsWith(local) && inode !== undefined ? [inode] : [];
  });
}

/** Targets of the file descriptors of a process. */
async function openFiles(pid: string): Promise<string[]> {
  const directory = `/proc/${pid}/fd`;
  try {
    return await Promise.all(
      (await readdir(directory)).map((fd) => readlink(`${directory}/${fd}`).catch(unlessHidden)),
    );
  } catch (error) {
    return [unlessHidden(error)];
  }
}

/** An empty text for a process that has ended meanwhile, or whose open files this user may not read. */
function unlessHidden(error: unknown): string {
  if (['EACCES', 'ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
  throw error;
}
