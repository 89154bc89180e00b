import { type experimental, Metadata } from '@grpc/grpc-js';
import { type CallTarget, type ConnectionSource, UnaryExchange } from './exchange.ts';
import { type WireMetadata, wireMetadata } from './metadata.ts';

/** The interface of a call that grpc-js expects from its transport. Source: grpc-js 1.14, `call-interface`. */
export type GrpcCall = experimental.CallStream;

const EMPTY = Buffer.alloc(0);

type Listener = Parameters<GrpcCall['start']>[1];
type StatusCode = Parameters<GrpcCall['cancelWithStatus']>[0];

type CallChannel = ConnectionSource & { getTarget(): string };

/** A unary grpc-js call over ttrpc: grpc-js sends one message, half-closes, and receives one status. */
export class TtrpcCall extends UnaryExchange implements GrpcCall {
  readonly #channel: CallChannel;
  readonly #number: number;
  #listener: Listener | undefined;
  #metadata: WireMetadata = [];
  #message: Buffer = EMPTY;

  constructor(channel: CallChannel, target: CallTarget, number: number) {
    super(channel, target);
    this.#channel = channel;
    this.#number = number;
  }

  start(metadata: Metadata, listener: Listener): void {
    this.#listener = listener;
    this.#metadata = wireMetadata(metadata);
  }

  sendMessageWithContext(context: { callback?: (error?: Error | null) => void }, message: Buffer): void {
    this.#message = message;
    context.callback?.();
  }

  halfClose(): void {
    this.send(this.#message, this.#metadata);
  }

  protected override onEnd(code: StatusCode, details: string, answer?: Uint8Array): void {
    if (answer !== undefined) {
      this.#listener?.onReceiveMetadata(new Metadata());
      this.#listener?.onReceiveMessage(Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength));
    }
    this.#listener?.onReceiveStatus({ code, details, metadata: new Metadata() });
  }

  getPeer(): string {
    return this.#channel.getTarget();
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
