import type { Duplex } from 'node:stream';
import { messageOf, ProtocolError } from '../errors.ts';
import { RpcError } from '../rpc-error.ts';
import { decodeResponse, encodeRequest } from './envelope.ts';
import { type Frame, MAX_PAYLOAD, MESSAGE_REQUEST, MESSAGE_RESPONSE } from './frame.ts';
import { FramePipe } from './pipe.ts';
import { status } from './status.ts';

/** Options of one call. */
export interface CallOptions {
  /** Deadline in milliseconds, told to the peer as `timeout_nano` and kept here. None by default. */
  readonly timeoutMs?: number | undefined;
  /** Gives the call up. ttrpc has no cancel message for unary calls: the peer goes on, its late answer is ignored. */
  readonly signal?: AbortSignal | undefined;
  readonly metadata?: readonly (readonly [key: string, value: string])[];
}

interface Pending {
  readonly method: string;
  resolve(payload: Uint8Array): void;
  reject(error: Error): void;
}

const NANO_PER_MS = 1_000_000;
const LAST_STREAM_ID = 0xff_ff_ff_ff;

/**
 * Client side of ttrpc over any byte stream: many unary calls at a time. It owns the stream. When the connection is
 * lost, every pending call fails with UNAVAILABLE.
 */
export class TtrpcConnection implements AsyncDisposable {
  readonly #pipe: FramePipe;
  readonly #pending = new Map<number, Pending>();
  readonly closed: Promise<void>;
  #nextStreamId = 1;
  #lost: string | undefined;

  constructor(stream: Duplex) {
    let onClosed = (): void => {};
    this.closed = new Promise((resolve) => {
      onClosed = resolve;
    });
    this.#pipe = new FramePipe(stream, {
      onFrame: (frame) => this.#receive(frame),
      onClosed: (cause) => {
        this.#lose(cause ? `connection lost: ${messageOf(cause)}` : 'connection closed by the peer', cause);
        onClosed();
      },
    });
  }

  /** Number of calls waiting for their answer. */
  get inFlight(): number {
    return this.#pending.size;
  }

  get open(): boolean {
    return this.#lost === undefined;
  }

  /**
   * One unary call; resolves to the response payload. Rejects with {@link RpcError}, or with {@link ProtocolError} when
   * the answer is not a ttrpc response.
   */
  call(service: string, method: string, payload: Uint8Array, options: CallOptions = {}): Promise<Uint8Array> {
    const name = `${service}/${method}`;
    const { timeoutMs, signal, metadata = [] } = options;
    if (signal?.aborted) return Promise.reject(cancelled(name, signal));
    if (this.#lost !== undefined) return Promise.reject(new RpcError(status.UNAVAILABLE, name, this.#lost));
    if (timeoutMs !== undefined && timeoutMs <= 0) return Promise.reject(expired(name, timeoutMs));
    const timeoutNano = timeoutMs === undefined ? 0 : Math.round(timeoutMs * NANO_PER_MS);
    const request = encodeRequest({ service, method, payload, timeoutNano, metadata });
    if (request.length > MAX_PAYLOAD) {
      const details = `request of ${request.length} bytes is over the limit of ${MAX_PAYLOAD}`;
      return Promise.reject(new RpcError(status.RESOURCE_EXHAUSTED, name, details));
    }
    if (this.#nextStreamId > LAST_STREAM_ID) {
      return Promise.reject(new RpcError(status.UNAVAILABLE, name, 'the connection has used all its stream ids'));
    }
    return new Promise((resolve, reject) => {
      const streamId = this.#nextStreamId;
      this.#nextStreamId += 2;
      const give = (error: Error): void => this.#take(streamId)?.reject(error);
      const onAbort = (): void => give(cancelled(name, signal));
      const timer = timeoutMs === undefined ? undefined : setTimeout(() => give(expired(name, timeoutMs)), timeoutMs);
      signal?.addEventListener('abort', onAbort, { once: true });
      const settled = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      this.#pending.set(streamId, {
        method: name,
        resolve: (answer) => {
          settled();
          resolve(answer);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      });
      this.#pipe.send(streamId, MESSAGE_REQUEST, request);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#lose('the connection was closed on this side', undefined);
    await this.#pipe.close();
  }

  #receive(frame: Frame): void {
    // An answer to a call that was given up, or to one never made, concerns nobody.
    const pending = this.#take(frame.streamId);
    if (pending === undefined) return;
    if (frame.payload === undefined && frame.length > 0) {
      const details = `response of ${frame.length} bytes is over the limit of ${MAX_PAYLOAD}`;
      pending.reject(new RpcError(status.RESOURCE_EXHAUSTED, pending.method, details));
    } else if (frame.type !== MESSAGE_RESPONSE) {
      const problem = `${pending.method} was answered by a message of type ${frame.type}, not by a response`;
      pending.reject(new ProtocolError('protocol', problem));
    } else {
      settle(pending, frame.payload ?? Buffer.alloc(0));
    }
  }

  #take(streamId: number): Pending | undefined {
    const pending = this.#pending.get(streamId);
    this.#pending.delete(streamId);
    return pending;
  }

  #lose(details: string, cause: Error | undefined): void {
    this.#lost ??= details;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const call of pending) call.reject(new RpcError(status.UNAVAILABLE, call.method, this.#lost, { cause }));
  }
}

function settle(pending: Pending, bytes: Buffer): void {
  try {
    const response = decodeResponse(bytes);
    if (response.code === status.OK) pending.resolve(response.payload);
    else pending.reject(new RpcError(response.code, pending.method, response.message));
  } catch (error) {
    pending.reject(error instanceof Error ? error : new ProtocolError('protocol', messageOf(error)));
  }
}

function cancelled(method: string, signal: AbortSignal | undefined): RpcError {
  return new RpcError(status.CANCELLED, method, 'the call was cancelled', { cause: signal?.reason });
}

function expired(method: string, timeoutMs: number): RpcError {
  return new RpcError(status.DEADLINE_EXCEEDED, method, `no answer within ${timeoutMs} ms`);
}
