import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Address } from './address.ts';
import { ProtocolError } from './errors.ts';
import { poll } from './poll.ts';
import { dial } from './vsock.ts';

/** What a command in the shell printed (both streams, as a terminal mixes them) and how it ended. */
export interface ShellResult {
  readonly output: string;
  readonly exitCode: number;
}

/** A shell in the guest, over its debug console. Commands run one after the other in the same shell. */
export interface GuestShell extends AsyncDisposable {
  run(command: string, options?: { timeoutMs?: number; signal?: AbortSignal }): Promise<ShellResult>;
}

const TIMEOUT_MS = 15_000;
const DIAL_TIMEOUT_MS = 10_000;
const EXIT_TIMEOUT_MS = 2_000;

/** Interrupts what still runs, if anything does, and ends the shell. */
const END_SHELL = '\x03\nexit\n';

/**
 * Opens the debug console. It is a terminal: it prompts, and echoes what it is sent. Neither is of use, so the shell is
 * asked for no prompt and no echo, and every command is framed by marks, of which the echo would show only halves.
 */
export async function openGuestShell(address: Address | string, signal?: AbortSignal): Promise<GuestShell> {
  // The agent lets one connection wait (its backlog is 1) and refuses the others: not a reason to give up.
  const wait = { timeoutMs: DIAL_TIMEOUT_MS, signal };
  const stream = await poll('the debug console answering', () => dial(address, { signal }), wait);
  const shell = new ConsoleShell(stream);
  try {
    await shell.run(
      "stty -echo -onlcr cols 1000; PS1=''; PS2=''; bind 'set enable-bracketed-paste off' 2>/dev/null; true",
      {
        ...(signal ? { signal } : {}),
      },
    );
  } catch (error) {
    await shell[Symbol.asyncDispose]();
    throw error;
  }
  return shell;
}

class ConsoleShell implements GuestShell {
  readonly #stream: Duplex;
  #received = '';
  #closed = false;
  #count = 0;

  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.setEncoding('utf8').on('data', (text: string) => {
      this.#received += text;
    });
    stream.once('close', () => {
      this.#closed = true;
    });
    stream.on('error', () => stream.destroy());
  }

  async run(command: string, options: { timeoutMs?: number; signal?: AbortSignal } = {}): Promise<ShellResult> {
    this.#count += 1;
    const mark = `${this.#count}-${Math.random().toString(36).slice(2)}`;
    this.#received = '';
    // The quotes keep the mark itself out of the echo.
    this.#stream.write(`echo B''EGIN-${mark}; ${command}\necho E''ND-${mark}-$?-\n`);
    const frame = new RegExp(`BEGIN-${mark}\\r?\\n([^]*?)END-${mark}-(\\d+)-`);
    const { signal, timeoutMs = TIMEOUT_MS } = options;
    const answered = (): RegExpExecArray | false | undefined =>
      frame.exec(this.#received) ?? (this.#closed ? false : undefined);
    const match = await poll(`the end of ${JSON.stringify(command)} on the debug console`, answered, {
      timeoutMs,
      intervalMs: 5,
      signal,
    });
    if (match === false) {
      throw new ProtocolError(
        'debug-console',
        `the debug console was closed during ${JSON.stringify(command)}: ${this.#received}`,
      );
    }
    return { output: (match[1] ?? '').replaceAll('\r', '').replace(/\n$/, ''), exitCode: Number(match[2]) };
  }

  /**
   * Ends the shell, and only then the connection. One that is dropped leaves the agent waiting for the shell's end, in a
   * thread its other work needs: with one processor nothing of the agent answers any more (src/agent/src/console.rs).
   */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#stream.write(END_SHELL);
    await Promise.race([once(this.#stream, 'close'), delay(EXIT_TIMEOUT_MS, undefined, { ref: false })]);
    this.#stream.destroy();
  }
}
