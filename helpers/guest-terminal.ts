import type { Duplex } from 'node:stream';
import { parseAddress } from './address.ts';
import { ProtocolError } from './errors.ts';
import { shellPool } from './guest-command.ts';
import { inTurn } from './in-turn.ts';
import { poll } from './poll.ts';
import { dial } from './vsock.ts';

/** Of a terminal, in characters. */
export interface TerminalSize {
  readonly rows: number;
  readonly columns: number;
}

/** A root shell in the guest on a terminal of its own, for somebody who types. */
export interface GuestTerminal extends AsyncDisposable {
  /** What is typed, and what is shown. Closes when the shell ends. */
  readonly stream: Duplex;
  /** Tells the terminal, and with it what runs there, that it has another size. */
  resize(size: TerminalSize): Promise<void>;
}

const OPEN_MS = 60_000;
const QUOTED = 200;
/** The quotes keep the mark itself out of the echo. */
const ASK = "echo TERM''INAL-$(tty)-$$-";
const ANSWER = /TERMINAL-(\/dev\/\S+)-(\d+)-\r?\n/;

/**
 * Opens the debug console at `address` as a terminal of that size. The console carries what is typed and shown and nothing
 * else: its size is set, and its shell ended, by commands over connections of their own. Disposing ends the shell: one whose
 * connection is merely dropped keeps a thread of the agent (see guest-shell.ts).
 */
export async function openGuestTerminal(address: string, size: TerminalSize): Promise<GuestTerminal> {
  const stream = await poll('the debug console answering', () => dial(address), { timeoutMs: OPEN_MS });
  // However the guest goes away, whoever has the stream hears 'close'.
  stream.on('error', () => stream.destroy());
  const { tty, pid } = await identify(stream);
  const commands = shellPool(parseAddress(address), { outlives: true });
  const terminal: GuestTerminal = {
    stream,
    resize: inTurn(({ columns, rows }) =>
      commands.run(['stty', '-F', tty, 'rows', String(rows), 'cols', String(columns)]),
    ),
    async [Symbol.asyncDispose]() {
      // The connection comes last. The shell may be ending by itself at this moment.
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

/** Asks the shell for its terminal and its process id; what it shows after the answer stays to be read. */
function identify(stream: Duplex): Promise<{ tty: string; pid: string }> {
  let shown = '';
  return new Promise((resolve, reject) => {
    const settle = (then: () => void): void => {
      clearTimeout(timer);
      stream.off('data', look).off('close', refuse).pause();
      then();
    };
    const look = (bytes: Buffer): void => {
      shown += bytes.toString();
      const [answer = '', tty, pid] = ANSWER.exec(shown) ?? [];
      if (tty === undefined || pid === undefined) return;
      settle(() => resolve({ tty, pid }));
      stream.unshift(Buffer.from(shown.slice(shown.indexOf(answer) + answer.length)));
    };
    const refuse = (): void => {
      const problem = `the shell did not say which terminal it is on, only ${JSON.stringify(shown.slice(-QUOTED))}`;
      settle(() => reject(new ProtocolError('debug-console', problem)));
      stream.destroy();
    };
    const timer = setTimeout(refuse, OPEN_MS);
    stream.on('data', look).once('close', refuse);
    stream.write(`${ASK}\n`);
  });
}
