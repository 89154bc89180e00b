import { DEBUG_CONSOLE_PORT } from '../../fixtures/guest-options.ts';
import { atPort, formatAddress } from '../../helpers/address.ts';
import { type Agent, connectAgent } from '../../helpers/agent-client.ts';
import { ConfigError } from '../../helpers/errors.ts';
import { namesIn } from '../../helpers/files.ts';
import { agentAddress, SANDBOX_DIR } from '../../helpers/kata/sandbox.ts';
import { loadAgentProtos } from '../../protos/load.ts';

const ANSWER_MS = 10_000;

/** The sandbox a command is for: the one that was named, or the only one there is. By id, never by process lists. */
export async function chooseSandbox(named: string | undefined): Promise<string> {
  const running = await namesIn(SANDBOX_DIR);
  if (named !== undefined) {
    if (running.includes(named)) return named;
    throw new ConfigError(`no sandbox ${named}; ${list(running)}`);
  }
  const [only, ...others] = running;
  if (only === undefined) throw new ConfigError('no Kata sandbox runs; start one with create_kata_pod');
  if (others.length > 0) throw new ConfigError(`more than one sandbox runs, name one as argument; ${list(running)}`);
  return only;
}

function list(running: readonly string[]): string {
  return running.length === 0 ? 'none runs' : `there is ${running.join(', ')}`;
}

/** A client for the agent in a sandbox. */
export async function agentOf(sandboxId: string, protos: string | undefined): Promise<Agent> {
  const address = await agentAddress(sandboxId, { timeoutMs: ANSWER_MS });
  return connectAgent(address, { protos: loadAgentProtos({ generation: 'skopeo', directory: protos }) });
}

/** Address of the debug console of a sandbox. */
export async function debugConsoleOf(sandboxId: string): Promise<string> {
  const address = atPort(await agentAddress(sandboxId, { timeoutMs: ANSWER_MS }), DEBUG_CONSOLE_PORT);
  if (address === undefined) throw new ConfigError(`the agent of sandbox ${sandboxId} is not reached over vsock`);
  return formatAddress(address);
}
