import { connectivityState, Metadata, type ServiceError } from '@grpc/grpc-js';
import { messageOf } from '../errors.ts';
import type { StatusCode } from '../rpc/error.ts';
import type { UnaryCall, UnaryCallback, UnaryClient, UnaryMethod, UnaryRequest } from '../rpc/unary.ts';
import type { TtrpcChannel } from './channel.ts';
import { type CallTarget, type ConnectionSource, UnaryExchange } from './exchange.ts';
import { type WireMetadata, wireMetadata } from './metadata.ts';
import { status, statusName } from './status.ts';

const NONE: WireMetadata = [];

/**
 * Unary calls over a ttrpc channel without grpc-js's interceptors, for which its `Client` creates some twenty objects
 * and closures per call. Errors, their texts and their order are those of grpc-js 1.14's `makeUnaryRequest`.
 */
export class TtrpcUnaryClient implements UnaryClient {
  readonly #channel: TtrpcChannel;

  constructor(channel: TtrpcChannel) {
    this.#channel = channel;
  }

  get connected(): boolean {
    return this.#channel.getConnectivityState(false) === connectivityState.READY;
  }

  request({ message, metadata, method, timeoutMs }: UnaryRequest, done: UnaryCallback): UnaryCall {
    const service = this.#channel.nameOf(method.service);
    const target = { service, method: method.name, deadline: performance.now() + timeoutMs };
    const call = new DirectCall(this.#channel, target, method.definition, done);
    call.start(message, metadata === undefined ? NONE : wireMetadata(metadata));
    return call;
  }

  close(): void {
    this.#channel.close();
  }
}

/** A unary call that encodes its request and decodes its response itself. */
class DirectCall extends UnaryExchange implements UnaryCall {
  readonly #method: UnaryMethod['definition'];
  readonly #done: UnaryCallback;

  constructor(source: ConnectionSource, target: CallTarget, method: UnaryMethod['definition'], done: UnaryCallback) {
    super(source, target);
    this.#method = method;
    this.#done = done;
  }

  start(message: object, metadata: WireMetadata): void {
    let encoded: Uint8Array;
    try {
      encoded = this.#method.requestSerialize(message);
    } catch (error) {
      this.cancelWithStatus(status.INTERNAL, `Request message serialization failure: ${messageOf(error)}`);
      return;
    }
    this.send(encoded, metadata);
  }

  cancel(): void {
    this.cancelWithStatus(status.CANCELLED, 'Cancelled on client');
  }

  protected override onEnd(code: StatusCode, details: string, answer?: Uint8Array): void {
    if (answer === undefined) {
      this.#done(serviceError(code, details));
      return;
    }
    let response: object;
    try {
      response = this.#method.responseDeserialize(Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength));
    } catch (error) {
      this.#done(serviceError(status.INTERNAL, `Response message parsing error: ${messageOf(error)}`));
      return;
    }
    this.#done(null, response);
  }
}

/** The error with which grpc-js ends a call. Source: `callErrorFromStatus` of grpc-js 1.14. */
function serviceError(code: StatusCode, details: string): ServiceError {
  const error = new Error(`${code} ${statusName(code)}: ${details}`);
  return Object.assign(error, { code, details, metadata: new Metadata() });
}
