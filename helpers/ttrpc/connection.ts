import type { Duplex } from 'node:stream';
import { messageOf, ProtocolError } from '../errors.ts';
import { RpcError } from '../rpc/error.ts';
import { Deadlines } from './deadlines.ts';
import { decodeResponse, encodedLength, encodeRequest, type Response } from './envelope.ts';
import { type Frame, MAX_PAYLOAD, MESSAGE_REQUEST, MESSAGE_RESPONSE } from './frame.ts';
import { InFlight } from './in-flight.ts';
import { FramePipe } from './pipe.ts';
import { status } from './status.ts';

/** Options of one ttrpc call. */
export interface CallOptions {
  /** Timeout in milliseconds, sent to the peer as `timeout_nano` and enforced here. Default: none. */
  readonly timeoutMs?: number | undefined;
  /** Cancels the call on this side only: ttrpc has no cancel message for unary calls. A late response is ignored. */
  readonly signal?: AbortSignal | undefined;
  readonly metadata?: readonly (readonly [key: string, value: string])[];
}

/** Receives the outcome of a ttrpc call: exactly one of the two methods is called, once. */
export interface CallListener {
  resolve(payload: Uint8Array): void;
  reject(error: Error): void;
}

interface Pending {
  readonly method: string;
  readonly timeoutMs: number | undefined;
  /** Deadline of the call as of `performance.now()`; Infinity for none. */
  readonly deadline: number;
  readonly listener: CallListener;
}

/** Stream id that stands for a call that failed before it was sent. */
const NEVER_SENT = 0;

const NANO_PER_MS = 1_000_000;
const LAST_STREAM_ID = 0xff_ff_ff_ff;

/**
 * The client side of ttrpc over any byte stream, which it owns; runs many unary calls concurrently. When the connection
 * is lost, every pending call fails with UNAVAILABLE.
 */
export class TtrpcConnection implements AsyncDisposable {
  readonly #pipe: FramePipe;
  readonly #pending = new InFlight<Pending>();
  readonly #deadlines = new Deadlines((now) => this.#expire(now));
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

  /** Number of ttrpc calls that wait for a response. */
  get inFlight(): number {
    return this.#pending.size;
  }

  get open(): boolean {
    return this.#lost === undefined;
  }

  /**
   * Makes a unary call; resolves to the response payload. Rejects with {@link RpcError}, or with {@link ProtocolError} if the
   * peer answers with anything but a ttrpc response. The caller must not change the payload before the call has ended.
   */
  call(service: string, method: string, payload: Uint8Array, options: CallOptions = {}): Promise<Uint8Array> {
    const { signal } = options;
    return new Promise((resolve, reject) => {
      if (signal === undefined) {
        this.begin(service, method, payload, options, { resolve, reject });
        return;
      }
      if (signal.aborted) return reject(cancelled(`${service}/${method}`, signal));
      const settled = new AbortController();
      const streamId = this.begin(service, method, payload, options, {
        resolve: (answer) => {
          settled.abort();
          resolve(answer);
        },
        reject: (error) => {
          settled.abort();
          reject(error);
        },
      });
      const onAbort = (): void => this.giveUp(streamId, cancelled(`${service}/${method}`, signal));
      signal.addEventListener('abort', onAbort, { signal: settled.signal });
    });
  }

  /** Like {@link call}, without promise and abort signal; returns the stream id for {@link giveUp}. */
  begin(
    service: string,
    method: string,
    payload: Uint8Array,
    options: Omit<CallOptions, 'signal'>,
    listener: CallListener,
  ): number {
    const name = `${service}/${method}`;
    const { timeoutMs, metadata = [] } = options;
    const request = { service, method, payload, timeoutNano: Math.round((timeoutMs ?? 0) * NANO_PER_MS), metadata };
    const encoded = encodeRequest(request);
    const rejection = this.#rejection(name, timeoutMs, encodedLength(encoded));
    if (rejection !== undefined) {
      listener.reject(rejection);
      return NEVER_SENT;
    }
    const streamId = this.#nextStreamId;
    this.#nextStreamId += 2;
    const deadline = timeoutMs === undefined ? Infinity : performance.now() + timeoutMs;
    this.#pending.add(streamId, { method: name, timeoutMs, deadline, listener });
    if (timeoutMs !== undefined) this.#deadlines.watch(deadline);
    this.#pipe.send(streamId, MESSAGE_REQUEST, encoded);
    return streamId;
  }

  /** Ends a ttrpc call on this side only; does nothing if the call has already ended. */
  giveUp(streamId: number, reason: Error): void {
    this.#pending.take(streamId)?.listener.reject(reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#lose('the connection was closed on this side', undefined);
    await this.#pipe.close();
  }

  /** The error of a ttrpc call that cannot be sent; `undefined` if it can. */
  #rejection(name: string, timeoutMs: number | undefined, length: number): RpcError | undefined {
    if (this.#lost !== undefined) return new RpcError(status.UNAVAILABLE, name, this.#lost);
    if (timeoutMs !== undefined && timeoutMs <= 0) return expired(name, timeoutMs);
    if (length > MAX_PAYLOAD) {
      const details = `request of ${length} bytes is over the limit of ${MAX_PAYLOAD}`;
      return new RpcError(status.RESOURCE_EXHAUSTED, name, details);
    }
    if (this.#nextStreamId > LAST_STREAM_ID) {
      return new RpcError(status.UNAVAILABLE, name, 'the connection has used all its stream ids');
    }
    return undefined;
  }

  #expire(now: number): number {
    let next = Infinity;
    for (const [streamId, { deadline, method, timeoutMs = 0 }] of this.#pending.entries()) {
      if (deadline <= now) this.giveUp(streamId, expired(method, timeoutMs));
      else next = Math.min(next, deadline);
    }
    return next;
  }

  #receive(frame: Frame): void {
    // A response to a cancelled or unknown call is ignored.
    const pending = this.#pending.take(frame.streamId);
    if (pending === undefined) return;
    if (frame.payload === undefined && frame.length > 0) {
      const details = `response of ${frame.length} bytes is over the limit of ${MAX_PAYLOAD}`;
      pending.listener.reject(new RpcError(status.RESOURCE_EXHAUSTED, pending.method, details));
    } else if (frame.type !== MESSAGE_RESPONSE) {
      const problem = `${pending.method} was answered by a message of type ${frame.type}, not by a response`;
      pending.listener.reject(new ProtocolError('protocol', problem));
    } else {
      settle(pending, frame.payload ?? Buffer.alloc(0));
    }
  }

  #lose(details: string, cause: Error | undefined): void {
    this.#lost ??= details;
    this.#deadlines.stop();
    for (const [streamId, { method }] of this.#pending.entries()) {
      this.giveUp(streamId, new RpcError(status.UNAVAILABLE, method, this.#lost, { cause }));
    }
  }
}

function settle({ listener, method }: Pending, bytes: Buffer): void {
  let response: Response;
  try {
    response = decodeResponse(bytes);
  } catch (error) {
    listener.reject(error instanceof Error ? error : new ProtocolError('protocol', messageOf(error)));
    return;
  }
  if (response.code === status.OK) listener.resolve(response.payload);
  else listener.reject(new RpcError(response.code, method, response.message));
}

function cancelled(method: string, signal: AbortSignal | undefined): RpcError {
  return new RpcError(status.CANCELLED, method, 'the call was cancelled', { cause: signal?.reason });
}

function expired(method: string, timeoutMs: number): RpcError {
  return new RpcError(status.DEADLINE_EXCEEDED, method, `no answer within ${Math.round(timeoutMs)} ms`);
}
