import { readFile } from 'node:fs/promises';

/**
 * The initial environment of a process, as `NAME=value`; `undefined` if the process has ended, or cannot be a child of
 * ours because it runs as another user or with privileges that we lack.
 *
 * @throws if the kernel denies access for another reason: then it is unknown whether the process is ours.
 */
export async function variablesOf(pid: number | string, proc = '/proc'): Promise<readonly string[] | undefined> {
  try {
    return (await readFile(`${proc}/${pid}/environ`, 'utf8')).split('\0');
  } catch (error) {
    if (isGone(error)) return undefined;
    if (!isRejected(error)) throw error;
    const [its, ours] = await Promise.all([
      readIfRunning(`${proc}/${pid}/status`),
      readFile('/proc/self/status', 'utf8'),
    ]);
    if (its === undefined || mayDoMore(its, ours)) return undefined;
    throw error;
  }
}

/** Text of a file below a process's /proc directory; `undefined` if the process has ended. */
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

/**
 * Whether an error of reading /proc/PID means that the process has ended: its directory (ENOENT) or its content (ESRCH)
 * is gone.
 */
function isGone(error: unknown): boolean {
  return ['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function isRejected(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
}
