import { request } from 'node:http';
import { join } from 'node:path';
import { HarnessError, messageOf } from '../errors.ts';
import { fileExists, namesIn } from '../files.ts';
import { type PollOptions, poll } from '../poll.ts';
import { type Address, parseAddress } from '../vsock/address.ts';
import { GO_VMS, KATA_RUNTIMES, RUNTIME_ON_HOST } from './runtimes.ts';

/** Directory of the host directories that Kata shares with guests, one directory for each sandbox. */
export const SHARED_DIR = '/run/kata-containers/shared/sandboxes';

/** Directories of running sandboxes, of every runtime: each sandbox has one directory, in that of its runtime. */
export const SANDBOX_DIRS = KATA_RUNTIMES.map((runtime) => RUNTIME_ON_HOST[runtime].sandboxes);
/** Directories in which a sandbox of a runtime may have a directory named by its id. */
export const SANDBOX_PARENTS = [...SANDBOX_DIRS, GO_VMS, SHARED_DIR];

const ANSWER_MS = 5_000;

/** Ids of the sandboxes whose shims run or have left their directory. */
export async function runningSandboxes(): Promise<readonly string[]> {
  return (await Promise.all(SANDBOX_DIRS.map(namesIn))).flat();
}

/**
 * Unix socket of a sandbox's guest console; `undefined` while the sandbox has none. Kata's shim reads the console itself only if
 * the hypervisor's enable_debug is set.
 */
export async function consoleSocket(sandboxId: string): Promise<string | undefined> {
  return firstThere(KATA_RUNTIMES.map((runtime) => RUNTIME_ON_HOST[runtime].console(sandboxId)));
}

/** Waits until a sandbox's shim returns the address of the sandbox's agent. */
export function agentAddress(sandboxId: string, options: PollOptions): Promise<Address> {
  const ask = async (): Promise<Address> => parseAddress(await askShim(sandboxId, '/agent-url'));
  return poll(`agent address from the shim of sandbox ${sandboxId}`, ask, { intervalMs: 200, ...options });
}

async function askShim(sandboxId: string, path: string): Promise<string> {
  const sockets = SANDBOX_DIRS.map((directory) => join(directory, sandboxId, 'shim-monitor.sock'));
  const socketPath = await firstThere(sockets);
  if (socketPath === undefined) {
    throw new HarnessError('sandbox', `sandbox ${sandboxId} has no shim: ${sockets.join(' and ')} do not exist`);
  }
  return new Promise((resolve, reject) => {
    const failed = (why: unknown): void =>
      reject(
        new HarnessError('sandbox', `the shim of sandbox ${sandboxId} does not answer ${path}: ${messageOf(why)}`),
      );
    const asked = request({ socketPath, path, timeout: ANSWER_MS }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => (response.statusCode === 200 ? resolve(body.trim()) : failed(body)));
    });
    asked.once('timeout', () => asked.destroy(new Error(`no answer within ${ANSWER_MS} ms`)));
    asked.once('error', failed);
    asked.end();
  });
}

async function firstThere(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await fileExists(path)) return path;
  return undefined;
}
