import { messageOf } from '../errors.ts';
import { RpcError, type StatusCode } from '../rpc/error.ts';
import type { CallListener, TtrpcConnection } from './connection.ts';
import type { WireMetadata } from './metadata.ts';
import { status } from './status.ts';

/** Destination and deadline of an RPC call. */
export interface CallTarget {
  readonly service: string;
  readonly method: string;
  /**
   * Deadline of the call as of `performance.now()`, so that a system clock that jumps during the dial does not move it;
   * Infinity for none.
   */
  readonly deadline: number;
}

/** Where a call gets its connection. */
export interface ConnectionSource {
  /** The open ttrpc connection, or a promise while it is being dialled for an RPC call of `method`. */
  connection(method: string): TtrpcConnection | Promise<TtrpcConnection>;
}

/** Reason with which a call is abandoned; the caller never sees it, because the call already has its final status. */
const GIVEN_UP = new Error('given up');

/** One request over a ttrpc connection and its end: waits for the dial, sends the request, and ends once. */
export abstract class UnaryExchange implements CallListener {
  readonly #source: ConnectionSource;
  readonly #target: CallTarget;
  #connection: TtrpcConnection | undefined;
  #streamId = 0;
  #dialTimer: NodeJS.Timeout | undefined;
  #over = false;

  constructor(source: ConnectionSource, target: CallTarget) {
    this.#source = source;
    this.#target = target;
  }

  /** Called once when the call ends; `answer` is there if the status is OK. */
  protected abstract onEnd(code: StatusCode, details: string, answer?: Uint8Array): void;

  /** Sends the request once there is a connection, unless the call has ended by then. */
  send(message: Uint8Array, metadata: WireMetadata): void {
    const connection = this.#source.connection(`${this.#target.service}/${this.#target.method}`);
    if (connection instanceof Promise) this.#dial(connection, message, metadata);
    else this.#begin(connection, message, metadata);
  }

  /** Ends the call on this side, whether it waits for the dial or for the response; does nothing if it has ended. */
  cancelWithStatus(code: StatusCode, details: string): void {
    this.#end(code, details);
    this.#connection?.giveUp(this.#streamId, GIVEN_UP);
  }

  /** Ends the RPC call with the peer's response. */
  resolve(answer: Uint8Array): void {
    this.#end(status.OK, '', answer);
  }

  /** Ends the RPC call with an error. */
  reject(error: unknown): void {
    if (error instanceof RpcError) this.#end(error.status, error.details);
    else this.#end(status.INTERNAL, messageOf(error));
  }

  /** Waits for the connection being dialled; the call's deadline includes the time of the dial. */
  #dial(connecting: Promise<TtrpcConnection>, message: Uint8Array, metadata: WireMetadata): void {
    const left = this.#left();
    const late = (): void => this.#end(status.DEADLINE_EXCEEDED, `no connection within ${Math.round(left)} ms`);
    this.#dialTimer = left === Infinity ? undefined : setTimeout(late, left);
    connecting
      .then((connection) => {
        clearTimeout(this.#dialTimer);
        this.#begin(connection, message, metadata);
      })
      .catch((error: unknown) => this.reject(error));
  }

  #begin(connection: TtrpcConnection, message: Uint8Array, metadata: WireMetadata): void {
    if (this.#over) return;
    const { method, service } = this.#target;
    const left = this.#left();
    const timeoutMs = left === Infinity ? undefined : left;
    this.#connection = connection;
    this.#streamId = connection.begin(service, method, message, { timeoutMs, metadata }, this);
  }

  /** Milliseconds until the deadline; 0 if a busy process gets here after it. */
  #left(): number {
    return Math.max(0, this.#target.deadline - performance.now());
  }

  #end(code: StatusCode, details: string, answer?: Uint8Array): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#dialTimer !== undefined) clearTimeout(this.#dialTimer);
    this.onEnd(code, details, answer);
  }
}
