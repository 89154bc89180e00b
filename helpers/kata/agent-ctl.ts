import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../process/exec.ts';
import { type Address, formatAddress } from '../vsock/address.ts';

/** Options of one kata-agent-ctl run. */
export interface AgentCtlOptions {
  /** Path of kata-agent-ctl. */
  readonly program: string;
  readonly address: Address;
  /** Bundle directory, which kata-agent-ctl requires for every command; created if missing. */
  readonly bundle: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Outcome of a kata-agent-ctl command. */
export interface AgentCtlOutcome {
  /** The agent's response in Rust's debug format; `undefined` if the call failed. */
  readonly response: string | undefined;
  /** Error message of kata-agent-ctl; empty if it reported none. */
  readonly error: string;
}

/** Runs one command of kata-agent-ctl, for example `Check` or `PullImage image=... cid=... source_creds=`. */
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
 * The arguments of kata-agent-ctl. With `--no-auto-values` it leaves fields empty that the command does not set. It
 * logs the reason of a failed call only with `--ignore-errors` and at log level debug. Source: `kata-agent-ctl connect
 * --help`.
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

/** Reads the outcome from kata-agent-ctl's log of JSON lines: messages `response received` and `ignoring error`. */
export function outcomeIn(log: string, complaints = ''): AgentCtlOutcome {
  const said = log.split('\n').flatMap(lineOf);
  const rejection = said.find(({ msg }) => msg.startsWith('ignoring error for command'));
  return {
    response: said.find(({ msg }) => msg === 'response received')?.response,
    error: rejection?.msg ?? complaints.trim(),
  };
}

/** Parses a log line of kata-agent-ctl; empty for other output, which may begin with a brace too (Rust's `{:?}`). */
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
