import { readdir, readFile } from 'node:fs/promises';
import { sendSignal } from './process.ts';
import { parseProcessStat } from './stat.ts';

/**
 * Kills the socat process of every connection to a unix socket, and returns how many processes it killed. The listening
 * socat keeps running; its forked children have the same command line and are recognised by their parent.
 */
export async function killRelays(socket: string): Promise<number> {
  const pids = await connectionsTo(`UNIX-CONNECT:${socket}`);
  for (const pid of pids) sendSignal(pid, 'SIGKILL');
  return pids.length;
}

/** Pids of the socat processes that relay a connection to a TCP address (`HOST:PORT`) at this moment. */
export function relaysToTcp(address: string): Promise<readonly number[]> {
  return connectionsTo(`TCP:${address}`);
}

/** Pids of the socat processes that relay a connection to an address in socat's notation; listening ones do not. */
async function connectionsTo(address: string): Promise<readonly number[]> {
  const relays = await relaysTo(address);
  const pids = new Set(relays.map(({ pid }) => pid));
  return relays.filter(({ listens, parent }) => !listens || pids.has(parent)).map(({ pid }) => pid);
}

interface Relay {
  readonly pid: number;
  readonly parent: number;
  readonly listens: boolean;
}

/** The socat processes that have this address, in socat's notation, among their arguments. */
async function relaysTo(address: string): Promise<Relay[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number);
  const found = await Promise.all(pids.map((pid) => relayOf(pid, address)));
  return found.flat();
}

async function relayOf(pid: number, address: string): Promise<Relay[]> {
  try {
    const [program, ...words] = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
    if (program !== 'socat' || !words.includes(address)) return [];
    const { parent } = parseProcessStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
    return [{ pid, parent, listens: words.some((word) => word.includes('-LISTEN:')) }];
  } catch (error) {
    // These errors mean that the process has ended meanwhile.
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
