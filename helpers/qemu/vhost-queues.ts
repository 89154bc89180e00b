import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Receive and transmit queue: what a vhost-user-backend calls their events in its epoll. Source: crate vhost-user-backend. */
const QUEUES = ['0', '1'] as const;

const EPOLL = 'anon_inode:[eventpoll]';
const WATCHED = /^tfd:\s*\d+\s.*?\bdata:\s*([0-9a-f]+)/gm;

/**
 * Whether a vhost-user device made with vhost-user-backend, such as vhost-device-vsock, has the queues of its guest: it waits
 * for their events then. What it waits for is told by proc_pid_fdinfo(5).
 */
export async function servesQueues(pid: number): Promise<boolean> {
  const directory = join('/proc', String(pid), 'fd');
  for (const fd of await readdir(directory)) {
    if ((await readlink(join(directory, fd)).catch(noneIfClosed)) !== EPOLL) continue;
    const watched = watchedBy(await readFile(join('/proc', String(pid), 'fdinfo', fd), 'utf8'));
    if (QUEUES.every((queue) => watched.includes(queue))) return true;
  }
  return false;
}

/** A connection may have ended since the directory was read. */
function noneIfClosed(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/** What an epoll calls the files it watches, in hexadecimal. */
export function watchedBy(fdinfo: string): readonly string[] {
  return [...fdinfo.matchAll(WATCHED)].map(([, data = '']) => data);
}
