import { DEBUG_CONSOLE_PORT } from '../../../fixtures/guest/agent-ports.ts';
import { openGuestTerminal } from '../../../helpers/debug-console/terminal.ts';
import { ConfigError } from '../../../helpers/errors.ts';
import { consoleSocket } from '../../../helpers/kata/sandbox.ts';
import { atPort, formatAddress } from '../../../helpers/vsock/address.ts';
import { dial } from '../../../helpers/vsock/dial.ts';
import type { CommandContext } from './command.ts';
import { addressOf, chooseSandbox } from './sandbox.ts';
import { attachTerminal, terminalSize } from './terminal.ts';

/** Timeout of each wait for a shell in the guest, in milliseconds. */
const SHELL_MS = 60_000;

/** Shows the guest console of a sandbox on this terminal. */
export async function openConsole({ args }: CommandContext): Promise<void> {
  const sandbox = await chooseSandbox(args[0]);
  const socket = await consoleSocket(sandbox);
  if (socket === undefined) throw new ConfigError(`sandbox ${sandbox} has no console`);
  const console = await dial(`unix://${socket}`);
  try {
    await attachTerminal(console);
  } finally {
    console.destroy();
  }
}

/** Opens a root shell in the guest of a sandbox on this terminal. */
export async function openShell({ args }: CommandContext): Promise<void> {
  const address = await debugConsoleOf(await chooseSandbox(args[0]));
  await using shell = await openGuestTerminal(address, terminalSize(), { timeoutMs: SHELL_MS });
  await attachTerminal(shell.stream, shell.resize);
}

async function debugConsoleOf(sandboxId: string): Promise<string> {
  const address = atPort(await addressOf(sandboxId), DEBUG_CONSOLE_PORT);
  if (address === undefined) throw new ConfigError(`the agent of sandbox ${sandboxId} is not reached over vsock`);
  return formatAddress(address);
}
