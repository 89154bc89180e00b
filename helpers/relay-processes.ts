import { readdir, readFile } from 'node:fs/promises';
import { sendSignal } from './process.ts';
import { parseProcessStat } from './process-stat.ts';

/**
 * Kills the socat process of every connection to a unix socket, and returns how many there were. The listening socat
 * keeps running; its forked children have the same command line and are recognised by their parent.
 */
export async function killRelays(socket: string): Promise<number> {
  const relays = await relaysTo(socket);
  const pids = new Set(relays.map(({ pid }) => pid));
  const carrying = relays.filter(({ listens, parent }) => !listens || pids.has(parent));
  for (const { pid } of carrying) sendSignal(pid, 'SIGKILL');
  return carrying.length;
}

interface Relay {
  readonly pid: number;
  readonly parent: number;
  readonly listens: boolean;
}

async function relaysTo(socket: string): Promise<Relay[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number);
  const found = await Promise.all(pids.map((pid) => relayOf(pid, socket)));
  return found.flat();
}

async function relayOf(pid: number, socket: string): Promise<Relay[]> {
  try {
    const [program, ...words] = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
    if (program !== 'socat' || !words.includes(`UNIX-CONNECT:${socket}`)) return [];
    const { parent } = parseProcessStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
    return [{ pid, parent, listens: words.some((word) => word.includes('-LISTEN:')) }];
  } catch (error) {
    // The process ended meanwhile.
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
