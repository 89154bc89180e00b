import { type experimental, Metadata, status } from '@grpc/grpc-js';
import { messageOf } from '../errors.ts';
import { RpcError } from '../rpc/error.ts';
import type { CallListener, TtrpcConnection } from './connection.ts';

/** The interface of a call that grpc-js expects from its transport. Source: grpc-js 1.14, `call-interface`. */
export type GrpcCall = experimental.CallStream;

const EMPTY = Buffer.alloc(0);
/** Reason with which a call is abandoned; the caller never sees it, because the call already has its final status. */
const GIVEN_UP = new Error('given up');

type Listener = Parameters<GrpcCall['start']>[1];
type StatusCode = Parameters<GrpcCall['cancelWithStatus']>[0];

/** Destination and deadline of an RPC call. */
export interface CallTarget {
  /** Path of the RPC method as grpc-js writes it, `/package.Service/Method`. */
  readonly path: string;
  /** Deadline of the call in milliseconds since the epoch, or Infinity. */
  readonly deadline: number;
  readonly peer: string;
  /** Returns the open ttrpc connection, or a promise while it is being dialled. */
  readonly connect: () => TtrpcConnection | Promise<TtrpcConnection>;
}

/** A unary grpc-js call over ttrpc: grpc-js sends one message, half-closes, and receives one status. */
export class TtrpcCall implements GrpcCall, CallListener {
  readonly #target: CallTarget;
  readonly #number: number;
  /**
   * Deadline of the call as of `performance.now()`, so that a system clock that jumps during the dial does not move it.
   */
  readonly #deadline: number;
  #listener: Listener | undefined;
  #metadata: readonly (readonly [string, string])[] = [];
  #message: Buffer = EMPTY;
  /** Abandons the RPC call, whether it waits for the dial or for the response. */
  #giveUp: (() => void) | undefined;
  #over = false;

  constructor(target: CallTarget, number: number) {
    this.#target = target;
    this.#number = number;
    this.#deadline = target.deadline === Infinity ? Infinity : performance.now() + target.deadline - Date.now();
  }

  start(metadata: Metadata, listener: Listener): void {
    this.#listener = listener;
    this.#metadata = Object.keys(metadata.getMap()).flatMap((key) =>
      metadata.get(key).map((value) => [key, typeof value === 'string' ? value : value.toString('base64')] as const),
    );
  }

  sendMessageWithContext(context: { callback?: (error?: Error | null) => void }, message: Buffer): void {
    this.#message = message;
    context.callback?.();
  }

  halfClose(): void {
    const connection = this.#target.connect();
    if (connection instanceof Promise) this.#dial(connection);
    else this.#begin(connection);
  }

  cancelWithStatus(code: StatusCode, details: string): void {
    this.#end(code, details);
    this.#giveUp?.();
  }

  /** Ends the RPC call with the peer's response. */
  resolve(answer: Uint8Array): void {
    if (this.#over) return;
    this.#listener?.onReceiveMetadata(new Metadata());
    this.#listener?.onReceiveMessage(Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength));
    this.#end(status.OK, '');
  }

  /** Ends the RPC call with an error. */
  reject(error: unknown): void {
    if (error instanceof RpcError) this.#end(error.status, error.details);
    else this.#end(status.INTERNAL, messageOf(error));
  }

  /** Waits for the connection being dialled; the call's deadline includes the time of the dial. */
  #dial(connecting: Promise<TtrpcConnection>): void {
    const left = this.#deadline - performance.now();
    const late = (): void => this.#end(status.DEADLINE_EXCEEDED, `no connection within ${Math.round(left)} ms`);
    const timer = left === Infinity ? undefined : setTimeout(late, left);
    this.#giveUp = () => clearTimeout(timer);
    connecting
      .finally(() => clearTimeout(timer))
      .then(
        (connection) => this.#begin(connection),
        (error: unknown) => this.reject(error),
      );
  }

  #begin(connection: TtrpcConnection): void {
    if (this.#over) return;
    const { path } = this.#target;
    const slash = path.indexOf('/', 1);
    const timeoutMs = this.#deadline === Infinity ? undefined : this.#deadline - performance.now();
    const options = { timeoutMs, metadata: this.#metadata };
    const streamId = connection.begin(path.slice(1, slash), path.slice(slash + 1), this.#message, options, this);
    this.#giveUp = () => connection.giveUp(streamId, GIVEN_UP);
  }

  #end(code: StatusCode, details: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#listener?.onReceiveStatus({ code, details, metadata: new Metadata() });
  }

  getPeer(): string {
    return this.#target.peer;
  }

  getCallNumber(): number {
    return this.#number;
  }

  // Does nothing: ttrpc has neither flow control of responses nor authentication.
  startRead(): void {}
  setCredentials(): void {}
  getAuthContext(): null {
    return null;
  }
}
