import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** epoll data values of the receive and the transmit queue. Source: crate vhost-user-backend. */
const QUEUES = ['0', '1'] as const;

const EPOLL = 'anon_inode:[eventpoll]';
const WATCHED = /^tfd:\s*\d+\s.*?\bdata:\s*([0-9a-f]+)/gm;

/**
 * Whether a vhost-user device built on vhost-user-backend, such as vhost-device-vsock, has received its guest's queues:
 * from then on the device's epoll watches their events. Source of the watched events: proc_pid_fdinfo(5).
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

/** No descriptors for one that was closed since the directory /proc/PID/fd was read. */
function noneIfClosed(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/** The epoll data values of the files that an epoll instance watches, in hexadecimal, from its fdinfo. */
export function watchedBy(fdinfo: string): readonly string[] {
  return [...fdinfo.matchAll(WATCHED)].map(([, data = '']) => data);
}
