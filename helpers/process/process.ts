import { readdir } from 'node:fs/promises';
import { poll } from '../poll.ts';
import { readIfRunning, variablesOf } from './environment.ts';
import { parseProcessStat } from './stat.ts';

/**
 * A process, identified by pid and start time (in clock ticks since boot), because pids are reused. Source: proc(5).
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
}

/** The process that currently has a pid; `undefined` if none has it or the process is a zombie. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const stat = await readIfRunning(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const { startTime, state } = parseProcessStat(stat);
  return state === 'Z' || state === 'X' ? undefined : { pid, startTime };
}

/** Whether a process, identified by pid and start time, still runs. */
export async function isAlive(process: ProcessIdentity): Promise<boolean> {
  return (await identify(process.pid))?.startTime === process.startTime;
}

/** Pids of all processes of our user whose environment contains `NAME=value`. */
export async function processesWith(name: string, value: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number);
  const wanted = `${name}=${value}`;
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await variablesOf(pid);
      return environment?.includes(wanted) && (await identify(pid)) !== undefined ? [pid] : [];
    }),
  );
  return found.flat();
}

/** A process of the host, in any namespace. */
export interface HostProcess {
  readonly pid: number;
  /** Arguments of the process's command line. */
  readonly words: readonly string[];
}

/** All processes visible on the host whose command line contains `text`. */
export async function processesMentioning(text: string): Promise<HostProcess[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const words = (await readIfRunning(`/proc/${pid}/cmdline`))?.split('\0').filter(Boolean) ?? [];
      return words.join(' ').includes(text) ? [{ pid: Number(pid), words }] : [];
    }),
  );
  return found.flat();
}

/** Command lines that contain `text`, of all processes visible on the host. */
export async function hostProcesses(text: string): Promise<string[]> {
  return (await processesMentioning(text)).map(({ words }) => words.join(' '));
}

const KILL_TIMEOUT_MS = 10_000;

/** Kills all processes whose environment has this label, except this process, and waits until none is left. */
export async function killProcessesWith(name: string, value: string): Promise<void> {
  // Ending processes are tracked by identity (pid and start time), because an ending process loses its environment
  // first and its sockets last.
  const ending = new Map<number, ProcessIdentity>();
  await poll(
    `the end of all processes with ${name}=${value}`,
    async () => {
      const left = (await processesWith(name, value)).filter((pid) => pid !== process.pid);
      for (const pid of left) {
        const identity = await identify(pid);
        if (identity !== undefined) ending.set(pid, identity);
        sendSignal(pid, 'SIGKILL');
      }
      for (const [pid, identity] of ending) if (!(await isAlive(identity))) ending.delete(pid);
      return left.length + ending.size === 0 ? true : undefined;
    },
    { timeoutMs: KILL_TIMEOUT_MS, intervalMs: 10 },
  );
}

/** Sends a signal to a process; does nothing if the process has already ended. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
