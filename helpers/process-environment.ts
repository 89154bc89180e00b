import { readFile } from 'node:fs/promises';

/**
 * The environment a process was started with, as `NAME=value`; `undefined` when it has ended, or when it cannot be one of
 * ours: it runs as another user or with privileges that we lack, and could not have had them from us.
 *
 * @throws when the kernel refuses it for another reason; whether the process is ours is then unknown.
 */
export async function variablesOf(pid: number | string, proc = '/proc'): Promise<readonly string[] | undefined> {
  try {
    return (await readFile(`${proc}/${pid}/environ`, 'utf8')).split('\0');
  } catch (error) {
    if (isGone(error)) return undefined;
    if (!isRefused(error)) throw error;
    const [its, ours] = await Promise.all([
      readIfRunning(`${proc}/${pid}/status`),
      readFile('/proc/self/status', 'utf8'),
    ]);
    if (its === undefined || mayDoMore(its, ours)) return undefined;
    throw error;
  }
}

/** Text of a file below a process's /proc directory; `undefined` when the process has ended. */
export async function readIfRunning(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** Whether a process has another user or more capabilities than ours, by the text of both `/proc/PID/status`. */
export function mayDoMore(its: string, ours: string): boolean {
  return usersOf(its) !== usersOf(ours) || (capabilitiesOf(its) & ~capabilitiesOf(ours)) !== 0n;
}

function usersOf(status: string): string | undefined {
  return /^Uid:\t(.*)$/m.exec(status)?.[1];
}

function capabilitiesOf(status: string): bigint {
  return BigInt(`0x${/^CapPrm:\t([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
}

/** A process that ends while we look: its directory goes (ENOENT) or its contents (ESRCH). */
function isGone(error: unknown): boolean {
  return ['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function isRefused(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
}
