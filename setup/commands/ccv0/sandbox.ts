import { ConfigError } from '../../../helpers/errors.ts';
import { agentAddress, runningSandboxes } from '../../../helpers/kata/sandbox.ts';
import type { Address } from '../../../helpers/vsock/address.ts';

const ANSWER_MS = 10_000;

/**
 * The sandbox for a `pnpm ccv0` command: the one named by id, or the only one on this machine. The process list is not
 * searched.
 */
export async function chooseSandbox(named: string | undefined): Promise<string> {
  const running = await runningSandboxes();
  if (named !== undefined) {
    if (running.includes(named)) return named;
    throw new ConfigError(`no sandbox ${named}; ${list(running)}`);
  }
  const [only, ...others] = running;
  if (only === undefined) throw new ConfigError('no Kata sandbox is running; start one with create_kata_pod');
  if (others.length > 0) throw new ConfigError(`several sandboxes are running, name one as argument; ${list(running)}`);
  return only;
}

function list(running: readonly string[]): string {
  return running.length === 0 ? 'no sandbox is running' : `running: ${running.join(', ')}`;
}

/** Address of the agent in a sandbox. */
export function addressOf(sandboxId: string): Promise<Address> {
  return agentAddress(sandboxId, { timeoutMs: ANSWER_MS });
}
