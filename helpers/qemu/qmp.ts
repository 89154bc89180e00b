import { EventEmitter } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { HarnessError, messageOf, ProtocolError } from '../errors.ts';
import { type PollOptions, poll } from '../poll.ts';

/** A QMP event, for example `SHUTDOWN` or `GUEST_PANICKED`. */
export interface QmpEvent {
  readonly event: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** QEMU rejected a command. `qmpClass` is the error's class, `GenericError` for most. */
export class QmpError extends HarnessError {
  readonly qmpClass: string;

  constructor(command: string, qmpClass: string, description: string) {
    super('qmp', `QEMU rejected ${command}: ${description}`);
    this.qmpClass = qmpClass;
  }
}

interface Pending {
  readonly command: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A client of the QEMU Machine Protocol over a unix socket: one JSON object per line; responses carry the command's id and
 * come in any order. Emits `event` with a {@link QmpEvent}, and `lost` when the socket closes. Specification:
 * docs/interop/qmp-spec of QEMU.
 */
export class Qmp extends EventEmitter<{ event: [QmpEvent]; lost: [Error] }> implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  #last = 0;
  #lost: Error | undefined;

  private constructor(socket: Socket, greeted: { resolve: () => void; reject: (error: Error) => void }) {
    super();
    this.#socket = socket;
    const lines = createInterface({ input: socket });
    lines.on('line', (line) => {
      try {
        this.#take(JSON.parse(line) as Message, greeted.resolve);
      } catch (cause) {
        const shown = JSON.stringify(line.slice(0, 200));
        socket.destroy(new ProtocolError('qmp', `QEMU sent ${shown}, which is not a QMP message`, { cause }));
      }
    });
    // The error event is ignored here: readline repeats the socket's error, which is handled below.
    lines.on('error', () => {});
    socket.on('error', (error) => {
      this.#lost = error;
    });
    socket.once('close', () => {
      const error = this.#lost instanceof HarnessError ? this.#lost : goneBecause(this.#lost);
      this.#lost = error;
      greeted.reject(error);
      for (const { reject } of this.#pending.values()) reject(error);
      this.#pending.clear();
      this.emit('lost', error);
    });
  }

  /** Connects to QMP as soon as QEMU listens, and leaves the negotiation mode. */
  static async connect(path: string, options: PollOptions): Promise<Qmp> {
    const qmp = await poll(`QEMU listening on ${path}`, () => Qmp.#dial(path), { intervalMs: 5, ...options });
    await qmp.execute('qmp_capabilities');
    return qmp;
  }

  static #dial(path: string): Promise<Qmp> {
    return new Promise((resolve, reject) => {
      const qmp: Qmp = new Qmp(createConnection(path), { resolve: () => resolve(qmp), reject });
    });
  }

  /** Runs a QMP command and returns its result. Rejects with {@link QmpError}, or when the socket closes. */
  execute<T = unknown>(command: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<T> {
    if (this.#lost) return Promise.reject(this.#lost);
    this.#last += 1;
    const id = this.#last;
    return new Promise<T>((resolve, reject) => {
      this.#pending.set(id, { command, resolve: resolve as (value: unknown) => void, reject });
      this.#socket.write(`${JSON.stringify({ execute: command, arguments: parameters, id })}\n`);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy();
  }

  #take(message: Message, greet: () => void): void {
    if ('QMP' in message) {
      greet();
      return;
    }
    if ('event' in message) {
      this.emit('event', message);
      return;
    }
    const { id = -1 } = message;
    const pending = this.#pending.get(id);
    if (pending === undefined) throw new Error(`no pending command has the id ${id}`);
    this.#pending.delete(id);
    if ('error' in message) pending.reject(new QmpError(pending.command, message.error.class, message.error.desc));
    else pending.resolve(message.return);
  }
}

function goneBecause(cause: Error | undefined): HarnessError {
  const why = cause === undefined ? '' : `: ${messageOf(cause)}`;
  return new HarnessError('qmp', `QEMU closed its QMP socket${why}`, { cause });
}

type Message =
  | { readonly QMP: object }
  | QmpEvent
  | { readonly id?: number; readonly return: unknown }
  | { readonly id?: number; readonly error: { readonly class: string; readonly desc: string } };
