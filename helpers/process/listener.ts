import { readdir, readFile, readlink } from 'node:fs/promises';

/** State `LISTEN` in /proc/net/tcp. Source: TCP_LISTEN of include/net/tcp_states.h. */
const LISTEN = '0A';

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];

/** Pid of a process of this network namespace that listens on a TCP port, IPv4 or IPv6. Throws if there is none. */
export async function listenerOf(port: number): Promise<number> {
  const tables = await readTables();
  const links = new Set(tables.flatMap((table) => listeningInodes(table, port)).map((inode) => `socket:[${inode}]`));
  for (const pid of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    if ((await openFiles(pid)).some((link) => links.has(link))) return Number(pid);
  }
  throw new Error(`no process of this machine listens on TCP port ${port}`);
}

/** The only TCP port on which a process of this network namespace listens; `undefined` while it listens on none. Throws if there are more. */
export async function portOf(pid: number): Promise<number | undefined> {
  const links = new Set(await openFiles(String(pid)));
  const sockets = (await readTables()).flatMap(listeningSockets);
  const [only, ...others] = sockets.filter(({ inode }) => links.has(`socket:[${inode}]`)).map(({ port }) => port);
  if (others.length > 0) throw new Error(`process ${pid} listens on TCP ports ${[only, ...others].join(', ')}`);
  return only;
}

function readTables(): Promise<readonly string[]> {
  return Promise.all(TABLES.map((path) => readFile(path, 'utf8')));
}

/** Inodes of the sockets that listen on a port, in the text of /proc/net/tcp or tcp6. */
export function listeningInodes(table: string, port: number): string[] {
  return listeningSockets(table).flatMap((socket) => (socket.port === port ? [socket.inode] : []));
}

/** The sockets that listen, in the text of /proc/net/tcp or tcp6. */
function listeningSockets(table: string): { readonly port: number; readonly inode: string }[] {
  return table.split('\n').flatMap((line) => {
    const [, address = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    const port = Number.parseInt(address.split(':')[1] ?? '', 16);
    return state === LISTEN && inode !== undefined ? [{ port, inode }] : [];
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
