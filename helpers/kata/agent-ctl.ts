import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Address, formatAddress } from '../address.ts';
import { run } from '../exec.ts';

/** Options of one call of upstream's client. */
export interface AgentCtlOptions {
  /** The program. */
  readonly program: string;
  readonly address: Address;
  /** Directory for the bundle it wants to be shown, whatever it is asked for; made when it is not there. */
  readonly bundle: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** What came of a command given to upstream's client. */
export interface AgentCtlOutcome {
  /** The agent's answer, as Rust shows it; `undefined` when the call failed. */
  readonly response: string | undefined;
  /** What the client had to complain about. */
  readonly error: string;
}

/** Has kata-agent-ctl ask an agent for one thing, for example `Check` or `PullImage image=... cid=... source_creds=`. */
export async function agentCtl(command: string, options: AgentCtlOptions): Promise<AgentCtlOutcome> {
  const { address, bundle, program, signal, timeoutMs } = options;
  await mkdir(bundle, { recursive: true });
  await writeFile(join(bundle, 'config.json'), '{}');
  const { stdout, stderr } = await run([program, ...agentCtlArguments(command, { address, bundle })], {
    okCodes: [0, 1],
    signal,
    timeoutMs,
  });
  return outcomeIn(stdout, stderr);
}

/**
 * Its arguments. Nothing is made up by it: what a command does not say is left empty. Why a call failed it says only of errors
 * it is told to ignore, and only when it debugs. Source: `kata-agent-ctl connect --help`.
 */
export function agentCtlArguments(
  command: string,
  { address, bundle }: Pick<AgentCtlOptions, 'address' | 'bundle'>,
): string[] {
  const hybrid = address.kind === 'hvsock' ? ['--hybrid-vsock', '--hybrid-vsock-port', String(address.port)] : [];
  const server = address.kind === 'hvsock' ? `unix://${address.path}` : formatAddress(address);
  const telling = ['--log-level', 'debug', 'connect', '--no-auto-values', '--ignore-errors'];
  const connection = ['--bundle-dir', bundle, '--server-address', server, ...hybrid];
  return [...telling, ...connection, '--cmd', command];
}

/** What is in its log, a line of JSON for each thing it has to say. Source: its `response received` and `ignoring error`. */
export function outcomeIn(log: string, complaints = ''): AgentCtlOutcome {
  const said = log.split('\n').flatMap(lineOf);
  const refusal = said.find(({ msg }) => msg.startsWith('ignoring error for command'));
  return {
    response: said.find(({ msg }) => msg === 'response received')?.response,
    error: refusal?.msg ?? complaints.trim(),
  };
}

/** A line of its log; none for what else it prints, which can begin like one (Rust's `{:?}`). */
function lineOf(text: string): Line[] {
  if (!text.startsWith('{')) return [];
  try {
    const line = JSON.parse(text) as Partial<Line>;
    return typeof line.msg === 'string' ? [{ ...line, msg: line.msg }] : [];
  } catch {
    return [];
  }
}

interface Line {
  readonly msg: string;
  readonly response?: string;
}
