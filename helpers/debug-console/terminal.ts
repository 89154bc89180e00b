import type { Duplex } from 'node:stream';
import { ProtocolError } from '../errors.ts';
import { poll } from '../poll.ts';
import { parseAddress } from '../vsock/address.ts';
import { dial } from '../vsock/dial.ts';
import { shellPool } from './command.ts';
import { latestOnly } from './latest-only.ts';
import type { ShellOptions } from './shell.ts';

/** Size of a terminal, in characters. */
export interface TerminalSize {
  readonly rows: number;
  readonly columns: number;
}

/** An interactive root shell in the guest on a terminal of its own. */
export interface GuestTerminal extends AsyncDisposable {
  /** Input and output of the terminal. Closes when the shell ends. */
  readonly stream: Duplex;
  /** Changes the size of the terminal. */
  resize(size: TerminalSize): Promise<void>;
}

const QUOTED = 200;
/**
 * Shell command that prints the terminal and the shell's pid after a mark; the quotes keep the mark itself out of the
 * echo.
 */
const ASK = "echo TERM''INAL-$(tty)-$$-";
const ANSWER = /TERMINAL-(\/dev\/\S+)-(\d+)-\r?\n/;

/**
 * Opens the debug console at `address` as a terminal of the given size. The debug console transmits only input and
 * output: commands over separate connections set the terminal's size and end its shell. Disposing ends the shell,
 * because a shell whose connection is merely dropped blocks a thread of the agent (see helpers/debug-console/shell.ts).
 * `timeoutMs` limits each wait.
 */
export async function openGuestTerminal(
  address: string,
  size: TerminalSize,
  { timeoutMs }: Pick<ShellOptions, 'timeoutMs'>,
): Promise<GuestTerminal> {
  const stream = await poll('the debug console answering', () => dial(address), { timeoutMs });
  // After any error, the stream emits 'close'.
  stream.on('error', () => stream.destroy());
  const { tty, pid } = await identify(stream, timeoutMs);
  const commands = shellPool(parseAddress(address), { openTimeoutMs: timeoutMs, timeoutMs, outlives: true });
  const terminal: GuestTerminal = {
    stream,
    resize: latestOnly(({ columns, rows }) =>
      commands.run(['stty', '-F', tty, 'rows', String(rows), 'cols', String(columns)]),
    ),
    async [Symbol.asyncDispose]() {
      // The connection is closed last. The shell may be ending by itself at this moment.
      if (!stream.destroyed) await commands.run(['kill', '-HUP', pid], { okCodes: [0, 1] });
      await commands[Symbol.asyncDispose]();
      stream.destroy();
    },
  };
  try {
    await terminal.resize(size);
    return terminal;
  } catch (error) {
    await terminal[Symbol.asyncDispose]();
    throw error;
  }
}

/** Asks the shell for its terminal and its process id; the shell's later output stays readable. */
function identify(stream: Duplex, timeoutMs: number): Promise<{ tty: string; pid: string }> {
  let shown = '';
  return new Promise((resolve, reject) => {
    const resolveConfig = (then: () => void): void => {
      clearTimeout(timer);
      stream.off('data', look).off('close', refuse).pause();
      then();
    };
    const look = (bytes: Buffer): void => {
      shown += bytes.toString();
      const [answer = '', tty, pid] = ANSWER.exec(shown) ?? [];
      if (tty === undefined || pid === undefined) return;
      resolveConfig(() => resolve({ tty, pid }));
      stream.unshift(Buffer.from(shown.slice(shown.indexOf(answer) + answer.length)));
    };
    const refuse = (): void => {
      const problem = `the shell did not print its terminal, only ${JSON.stringify(shown.slice(-QUOTED))}`;
      resolveConfig(() => reject(new ProtocolError('debug-console', problem)));
      stream.destroy();
    };
    const timer = setTimeout(refuse, timeoutMs);
    stream.on('data', look).once('close', refuse);
    stream.write(`${ASK}\n`);
  });
}
