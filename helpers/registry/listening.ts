import { readFile } from 'node:fs/promises';
import { type PollOptions, poll } from '../poll.ts';
import type { Daemon } from '../process/daemon.ts';

/** The address in a line of the registry's log, such as `msg="listening on 127.0.0.1:38643"`. */
export function listeningAddress(log: string): string | undefined {
  return /listening on (127\.0\.0\.1:\d+)/.exec(log)?.[1];
}

/** Waits until a registry's log contains the address on which it listens; `undefined` if its process ends before. */
export async function waitForRegistry(what: string, daemon: Daemon, options: PollOptions): Promise<string | undefined> {
  const listening = async (): Promise<string | false | undefined> =>
    daemon.exit === undefined ? listeningAddress(await readFile(daemon.logFile, 'utf8')) : false;
  const address = await poll(what, listening, { intervalMs: 5, ...options });
  return address === false ? undefined : address;
}
