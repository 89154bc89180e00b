import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { ProtocolError, TimeoutError } from '../errors.ts';
import { poll } from '../poll.ts';
import type { Address } from '../vsock/address.ts';
import { dial } from '../vsock/dial.ts';

/** Output of a shell command (both streams, mixed by the terminal) and its exit code. */
export interface ShellResult {
  readonly output: string;
  readonly exitCode: number;
}

/** Timeout in milliseconds of opening a shell or of a command in it, and the signal that aborts it. */
export interface ShellOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** A shell in the guest over the guest's debug console. Commands run one after another in the same shell. */
export interface GuestShell extends AsyncDisposable {
  /** Whether the connection was closed, as it is when the agent ends. */
  readonly closed: boolean;
  /** Runs a command. Default timeout: that of opening the shell. */
  run(command: string, options?: Partial<ShellOptions>): Promise<ShellResult>;
  /** Drops the connection without ending the shell, for a guest that is about to end. */
  abandon(): void;
}

/** Timeout of one attempt to connect; after it, the next attempt begins. */
const DIAL_TIMEOUT_MS = 5_000;
/** Timeout for a debug console to close that never answered and may not be a shell. */
const SILENT_EXIT_TIMEOUT_MS = 2_000;

/** Keys that interrupt a running command and end the shell. */
const END_SHELL = '\x03\nexit\n';

/**
 * Opens a shell on the debug console, which is a terminal with a prompt and an echo. The function turns both off and
 * frames the output of every command with marks, which an echo would show only in halves.
 */
export async function openGuestShell(address: Address | string, options: ShellOptions): Promise<GuestShell> {
  const { signal, timeoutMs } = options;
  // A refused connection is retried: the agent's listen backlog is 1, so one connection waits and others are refused.
  const attempt = { timeoutMs: Math.min(timeoutMs, DIAL_TIMEOUT_MS), signal };
  const stream = await poll('the debug console answering', () => dial(address, attempt), options);
  const shell = new ConsoleShell(stream, timeoutMs);
  try {
    await shell.run(
      "stty -echo -onlcr cols 1000; PS1=''; PS2=''; bind 'set enable-bracketed-paste off' 2>/dev/null; true",
      { signal },
    );
  } catch (error) {
    await shell[Symbol.asyncDispose]();
    throw error;
  }
  return shell;
}

/** Maximum output of a command on the debug console, in characters; a console that prints more is closed. */
const MAX_OUTPUT = 16 * 2 ** 20;

class ConsoleShell implements GuestShell {
  readonly #stream: Duplex;
  readonly #timeoutMs: number;
  #received: string[] = [];
  #length = 0;
  /** The end of the text received from the console, in which a mark can be found. */
  #window = '';
  #closed = false;
  #answered = false;
  #count = 0;
  /** Called after new text from the console; set while a command runs. */
  #look: (() => void) | undefined;

  constructor(stream: Duplex, timeoutMs: number) {
    this.#stream = stream;
    this.#timeoutMs = timeoutMs;
    stream.setEncoding('utf8').on('data', (text: string) => {
      // Console text that arrives while no command runs is dropped.
      if (this.#look === undefined) return;
      this.#received.push(text);
      this.#length += text.length;
      this.#window = this.#window.slice(-LONGEST_MARK) + text;
      this.#look();
    });
    stream.once('close', () => {
      this.#closed = true;
      this.#look?.();
    });
    stream.on('error', () => stream.destroy());
  }

  get closed(): boolean {
    return this.#closed;
  }

  async run(command: string, options: Partial<ShellOptions> = {}): Promise<ShellResult> {
    this.#count += 1;
    const mark = `${this.#count}-${Math.random().toString(36).slice(2)}`;
    [this.#received, this.#length, this.#window] = [[], 0, ''];
    // The quotes inside the mark keep the mark itself out of the terminal's echo.
    const ask = (): unknown => this.#stream.write(`echo B''EGIN-${mark}; ${command}\necho E''ND-${mark}-$?-\n`);
    const end = new RegExp(`END-${mark}-(\\d+)-`);
    await this.#until(end, command, ask, options);
    this.#answered = true;
    const frame = new RegExp(`BEGIN-${mark}\\r?\\n([^]*?)END-${mark}-(\\d+)-`);
    const [, output = '', exitCode] = frame.exec(this.#received.join('')) ?? [];
    return { output: output.replaceAll('\r', '').replace(/\n$/, ''), exitCode: Number(exitCode) };
  }

  /**
   * Sends the command and resolves when the text received from the console matches. Only the end of the text is
   * checked; earlier text was checked before.
   */
  #until(end: RegExp, command: string, ask: () => unknown, options: Partial<ShellOptions>): Promise<void> {
    const { signal, timeoutMs = this.#timeoutMs } = options;
    const shown = JSON.stringify(command);
    let timer: NodeJS.Timeout | undefined;
    let onAbort = (): void => {};
    const seen = new Promise<void>((resolve, reject) => {
      const quote = (): string => JSON.stringify(this.#window.slice(-QUOTED));
      const refuse = (problem: string): void => reject(new ProtocolError('debug-console', problem));
      onAbort = () => reject(signal?.reason);
      this.#look = () => {
        if (end.test(this.#window)) return resolve();
        if (this.#closed) refuse(`the debug console was closed during ${shown}; it ended with ${quote()}`);
        else if (this.#length > MAX_OUTPUT)
          refuse(`the debug console printed over ${MAX_OUTPUT} characters during ${shown}`);
      };
      timer = setTimeout(() => {
        const problem = `the end of ${shown} on the debug console did not come within ${timeoutMs} ms`;
        reject(new TimeoutError(`${problem}; it ended with ${quote()}`));
      }, timeoutMs);
      if (signal?.aborted) onAbort();
      signal?.addEventListener('abort', onAbort, { once: true });
      ask();
      this.#look();
    });
    return seen.finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      this.#look = undefined;
    });
  }

  abandon(): void {
    this.#stream.destroy();
  }

  /**
   * Ends the shell before the connection. After a dropped connection the agent waits for the shell's end in a thread
   * that its other work needs: with one processor, the agent no longer answers any call (src/agent/src/console.rs).
   */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    // The connection also closes if the guest has ended meanwhile.
    const closed = new Promise<void>((resolve) => this.#stream.once('close', () => resolve()));
    this.#stream.write(END_SHELL);
    const timeoutMs = this.#answered ? this.#timeoutMs : SILENT_EXIT_TIMEOUT_MS;
    await Promise.race([closed, delay(timeoutMs, undefined, { ref: false })]);
    this.#stream.destroy();
  }
}

/** Number of characters that is longer than any mark, its exit code included. */
const LONGEST_MARK = 64;
/** How many characters of the console an error quotes. */
const QUOTED = 200;
