import { type experimental, Metadata, status } from '@grpc/grpc-js';
import { messageOf } from '../errors.ts';
import { RpcError } from '../rpc-error.ts';
import type { TtrpcConnection } from './connection.ts';

/** A call as grpc-js sees its transport. Source: grpc-js 1.14, `call-interface`. */
export type GrpcCall = experimental.CallStream;

type Listener = Parameters<GrpcCall['start']>[1];
type StatusCode = Parameters<GrpcCall['cancelWithStatus']>[0];

/** Where the call goes and when it must be over. */
export interface CallTarget {
  /** `/package.Service/Method` as grpc-js writes it. */
  readonly path: string;
  /** Milliseconds since the epoch, or Infinity. */
  readonly deadline: number;
  readonly peer: string;
  readonly connect: () => Promise<TtrpcConnection>;
}

/** One unary call of grpc-js carried by ttrpc. grpc-js sends one message, closes its half, and hears one status. */
export class TtrpcCall implements GrpcCall {
  readonly #target: CallTarget;
  readonly #cancel = new AbortController();
  readonly #number: number;
  #listener: Listener | undefined;
  #metadata: readonly (readonly [string, string])[] = [];
  #message: Buffer = Buffer.alloc(0);
  #over = false;

  constructor(target: CallTarget, number: number) {
    this.#target = target;
    this.#number = number;
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
    void this.#run();
  }

  cancelWithStatus(code: StatusCode, details: string): void {
    this.#end(code, details);
    this.#cancel.abort();
  }

  async #run(): Promise<void> {
    const { path, deadline, connect } = this.#target;
    const [service = '', method = ''] = path.slice(1).split('/');
    try {
      const connection = await connect();
      if (this.#over) return;
      const timeoutMs = deadline === Infinity ? undefined : deadline - Date.now();
      const options = { timeoutMs, metadata: this.#metadata, signal: this.#cancel.signal };
      const answer = await connection.call(service, method, this.#message, options);
      if (this.#over) return;
      this.#listener?.onReceiveMetadata(new Metadata());
      this.#listener?.onReceiveMessage(Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength));
      this.#end(status.OK, '');
    } catch (error) {
      if (error instanceof RpcError) this.#end(error.status, error.details);
      else this.#end(status.INTERNAL, messageOf(error));
    }
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

  // What follows has no counterpart in ttrpc: answers are not paced, and nobody authenticates.
  startRead(): void {}
  setCredentials(): void {}
  getAuthContext(): null {
    return null;
  }
}
