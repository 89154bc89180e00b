import { request } from 'node:http';
import { join } from 'node:path';
import { HarnessError, messageOf } from '../errors.ts';
import { type PollOptions, poll } from '../poll.ts';
import { type Address, parseAddress } from '../vsock/address.ts';

/** Kata's directory of running VMs, one per sandbox. Source: virtcontainers' store and shim management. */
export const VM_DIR = '/run/vc/vm';
/** Kata's directory of running sandboxes, which has one directory for each. */
export const SANDBOX_DIR = '/run/vc/sbs';
/** Directory of the host directories that Kata shares with guests, one directory for each sandbox. */
export const SHARED_DIR = '/run/kata-containers/shared/sandboxes';

const ANSWER_MS = 5_000;

/**
 * Unix socket of a sandbox's serial console. Kata's runtime reads the console itself only if the hypervisor's
 * enable_debug is set.
 */
export function consoleSocket(sandboxId: string): string {
  return join(VM_DIR, sandboxId, 'console.sock');
}

/** Waits until a sandbox's shim returns the address of the sandbox's agent. */
export function agentAddress(sandboxId: string, options: PollOptions): Promise<Address> {
  const ask = async (): Promise<Address> => parseAddress(await askShim(sandboxId, '/agent-url'));
  return poll(`agent address from the shim of sandbox ${sandboxId}`, ask, { intervalMs: 200, ...options });
}

function askShim(sandboxId: string, path: string): Promise<string> {
  const socketPath = join(SANDBOX_DIR, sandboxId, 'shim-monitor.sock');
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
