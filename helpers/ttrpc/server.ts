import type { Duplex } from 'node:stream';
import { HarnessError, messageOf } from '../errors.ts';
import type { StatusCode } from '../rpc/error.ts';
import { decodeRequest, encodedLength, encodeResponse, type Request, type Response } from './envelope.ts';
import { type Frame, MAX_PAYLOAD, MESSAGE_DATA, MESSAGE_REQUEST, MESSAGE_RESPONSE } from './frame.ts';
import { InFlight } from './in-flight.ts';
import { FramePipe } from './pipe.ts';
import { status } from './status.ts';

/** An error that an RPC handler throws to respond with this status; any other error becomes UNKNOWN. */
export class TtrpcStatus extends HarnessError {
  readonly status: StatusCode;

  constructor(code: StatusCode, message: string, options?: ErrorOptions) {
    super('ttrpc-status', message, options);
    this.status = code;
  }
}

/** An RPC call that the ttrpc server has received. */
export interface ServerCall {
  readonly service: string;
  readonly method: string;
  readonly payload: Uint8Array;
  readonly metadata: readonly (readonly [key: string, value: string])[];
  /** The client's timeout in milliseconds; `undefined` if the client sent none. */
  readonly timeoutMs: number | undefined;
  /**
   * Aborted when the connection is lost or the client's deadline has passed, because the client then no longer waits
   * for a response.
   */
  readonly signal: AbortSignal;
}

/** Handles an RPC call; resolves to the encoded response message. */
export type TtrpcHandler = (call: ServerCall) => Promise<Uint8Array>;

const NANO_PER_MS = 1_000_000;
const EMPTY = new Uint8Array(0);

/**
 * The server side of ttrpc on one connection. Calls run concurrently, and each is answered when it is done. Stream ids
 * must be odd and increase, as the protocol demands; unknown message types are ignored.
 */
export class TtrpcServerConnection implements AsyncDisposable {
  readonly #pipe: FramePipe;
  readonly #handler: TtrpcHandler;
  readonly #active = new InFlight<ActiveCall>();
  readonly closed: Promise<void>;
  #lastStreamId = 0;

  constructor(stream: Duplex, handler: TtrpcHandler) {
    this.#handler = handler;
    let onClosed = (): void => {};
    this.closed = new Promise((resolve) => {
      onClosed = resolve;
    });
    this.#pipe = new FramePipe(stream, {
      onFrame: (frame) => this.#receive(frame),
      onClosed: (cause) => {
        const reason = new TtrpcStatus(status.CANCELLED, 'the client disconnected', { cause });
        for (const [, call] of this.#active.entries()) call.abort(reason);
        onClosed();
      },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pipe.close();
  }

  #receive(frame: Frame): void {
    const problem = this.#problemOf(frame);
    if (problem) this.#answer(frame.streamId, { code: problem.status, message: problem.message, payload: EMPTY });
    else if (frame.type === MESSAGE_REQUEST) void this.#serve(frame.streamId, frame.payload ?? Buffer.alloc(0));
  }

  #problemOf(frame: Frame): TtrpcStatus | undefined {
    if (frame.type === MESSAGE_DATA) {
      return new TtrpcStatus(status.INVALID_ARGUMENT, 'StreamID is no longer active');
    }
    if (frame.type !== MESSAGE_REQUEST) return undefined;
    if (frame.streamId % 2 === 0) {
      return new TtrpcStatus(status.INVALID_ARGUMENT, 'StreamID must be odd for client initiated streams');
    }
    if (frame.streamId <= this.#lastStreamId) {
      return new TtrpcStatus(status.INVALID_ARGUMENT, 'StreamID cannot be re-used and must increment');
    }
    this.#lastStreamId = frame.streamId;
    if (frame.length > MAX_PAYLOAD) return oversized('request', frame.length);
    return undefined;
  }

  async #serve(streamId: number, bytes: Buffer): Promise<void> {
    let call: ActiveCall | undefined;
    try {
      call = new ActiveCall(parse(bytes));
      this.#active.add(streamId, call);
      const payload = await this.#handler(call);
      this.#answer(streamId, { code: status.OK, message: '', payload });
    } catch (error) {
      const code = error instanceof TtrpcStatus ? error.status : status.UNKNOWN;
      this.#answer(streamId, { code, message: messageOf(error), payload: EMPTY });
    } finally {
      call?.end();
      this.#active.take(streamId);
    }
  }

  #answer(streamId: number, response: Response): void {
    const encoded = encodeResponse(response);
    const length = encodedLength(encoded);
    if (length <= MAX_PAYLOAD) {
      this.#pipe.send(streamId, MESSAGE_RESPONSE, encoded);
    } else {
      const { status: code, message } = oversized('response', length);
      this.#pipe.send(streamId, MESSAGE_RESPONSE, encodeResponse({ code, message, payload: EMPTY }));
    }
  }
}

/** Longest delay of a Node.js timer, in milliseconds; a deadline beyond it (24 days) is not enforced. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** An RPC call in progress. Its signal and timer are created on first use, since most handlers never use them. */
class ActiveCall implements ServerCall {
  readonly service: string;
  readonly method: string;
  readonly payload: Uint8Array;
  readonly metadata: Request['metadata'];
  readonly timeoutMs: number | undefined;
  readonly #begun = performance.now();
  #controller: AbortController | undefined;
  #expiry: NodeJS.Timeout | undefined;

  constructor({ metadata, method, payload, service, timeoutNano }: Request) {
    this.service = service;
    this.method = method;
    this.payload = payload;
    this.metadata = metadata;
    this.timeoutMs = timeoutNano > 0 ? timeoutNano / NANO_PER_MS : undefined;
  }

  get signal(): AbortSignal {
    if (this.#controller !== undefined) return this.#controller.signal;
    this.#controller = new AbortController();
    if (this.timeoutMs !== undefined && this.timeoutMs < MAX_TIMER_MS) {
      const expired = new TtrpcStatus(status.DEADLINE_EXCEEDED, 'context deadline exceeded');
      const left = Math.max(0, this.timeoutMs - (performance.now() - this.#begun));
      this.#expiry = setTimeout(() => this.abort(expired), left);
    }
    return this.#controller.signal;
  }

  abort(reason: TtrpcStatus): void {
    this.#controller?.abort(reason);
  }

  end(): void {
    clearTimeout(this.#expiry);
  }
}

function parse(bytes: Buffer): Request {
  try {
    return decodeRequest(bytes);
  } catch (cause) {
    throw new TtrpcStatus(status.INVALID_ARGUMENT, messageOf(cause), { cause });
  }
}

function oversized(what: string, length: number): TtrpcStatus {
  return new TtrpcStatus(status.RESOURCE_EXHAUSTED, `${what} of ${length} bytes is over the limit of ${MAX_PAYLOAD}`);
}

/** Serves ttrpc on one connection; see {@link TtrpcServerConnection}. */
export function serveTtrpc(stream: Duplex, handler: TtrpcHandler): TtrpcServerConnection {
  return new TtrpcServerConnection(stream, handler);
}
