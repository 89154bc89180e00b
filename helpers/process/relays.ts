import { readdir, readFile } from 'node:fs/promises';
import { sendSignal } from './process.ts';
import { parseProcessStat } from './stat.ts';

/**
 * Kills the socat process of every connection to a unix socket, and returns how many processes it killed. The listening
 * socat keeps running; its forked children have the same command line and are recognised by their parent.
 */
export async function killRelays(socket: string): Promise<number> {
  const relays = await relaysTo(`UNIX-CONNECT:${socket}`);
  const pids = new Set(relays.map(({ pid }) => pid));
  const carrying = relays.filter(({ listens, parent }) => !listens || pids.has(parent));
  for (const { pid } of carrying) sendSignal(pid, 'SIGKILL');
  return carrying.length;
}

/**
 * Stops the socat processes that relay guests' connections to a TCP address (`HOST:PORT`), listening ones included, until
 * the result is disposed. Guests still connect meanwhile, since the kernel accepts for a listening process, but receive
 * nothing.
 */
export async function pauseRelays(address: string): Promise<Disposable> {
  const relays = await relaysTo(`TCP:${address}`);
  if (relays.length === 0) throw new Error(`no socat on this host relays to TCP:${address}`);
  const signalAll = (signal: 'SIGCONT' | 'SIGSTOP'): void => {
    for (const { pid } of relays) sendSignal(pid, signal);
  };
  signalAll('SIGSTOP');
  return { [Symbol.dispose]: () => signalAll('SIGCONT') };
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
