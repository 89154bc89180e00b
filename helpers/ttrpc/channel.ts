import { type ClientOptions, connectivityState, status } from '@grpc/grpc-js';
import { messageOf } from '../errors.ts';
import { RpcError } from '../rpc/error.ts';
import { type GrpcCall, TtrpcCall } from './call.ts';
import type { TtrpcConnection } from './connection.ts';

type GrpcChannel = ReturnType<NonNullable<ClientOptions['channelFactoryOverride']>>;
type State = ReturnType<GrpcChannel['getConnectivityState']>;

/**
 * A grpc-js channel over ttrpc, for a client's `channelFactoryOverride`. Interceptors, deadlines, metadata and status
 * codes work as with any other channel. The channel dials at the first call, and again at the first call after the
 * connection was lost; a call whose dial fails ends with UNAVAILABLE and the reason.
 */
export class TtrpcChannel implements GrpcChannel {
  readonly #name: string;
  readonly #dial: () => Promise<TtrpcConnection>;
  readonly #renamed: ReadonlyMap<string, string>;
  readonly #watchers = new Set<() => void>();
  #connection: Promise<TtrpcConnection> | undefined;
  /** The channel's ttrpc connection, once it is open. */
  #ready: TtrpcConnection | undefined;
  #state: State = connectivityState.IDLE;
  #calls = 0;

  /** `renamed` are the names by which the peer knows services, where they differ from those of the callers. */
  constructor(name: string, dial: () => Promise<TtrpcConnection>, renamed: ReadonlyMap<string, string> = new Map()) {
    this.#name = name;
    this.#dial = dial;
    this.#renamed = renamed;
  }

  /** The name by which the peer knows a service. */
  nameOf(service: string): string {
    return this.#renamed.get(service) ?? service;
  }

  createCall(path: string, deadline: Date | number): GrpcCall {
    this.#calls += 1;
    const slash = path.indexOf('/', 1);
    const target = {
      service: this.nameOf(path.slice(1, slash)),
      method: path.slice(slash + 1),
      deadline: Number(deadline) === Infinity ? Infinity : performance.now() + Number(deadline) - Date.now(),
    };
    return new TtrpcCall(this, target, this.#calls);
  }

  /** The channel's open ttrpc connection, or a promise while it is being dialled for an RPC call of `method`. */
  connection(method: string): TtrpcConnection | Promise<TtrpcConnection> {
    return this.#ready ?? this.#connect(method);
  }

  getTarget(): string {
    return this.#name;
  }

  getConnectivityState(tryToConnect: boolean): State {
    // The error is ignored here: a failed connection is visible in the channel's state, and fails the next call.
    if (tryToConnect) this.#connect('connect').catch(() => {});
    return this.#state;
  }

  watchConnectivityState(current: State, deadline: Date | number, callback: (error?: Error) => void): void {
    let timer: NodeJS.Timeout | undefined;
    const done = (error?: Error): void => {
      clearTimeout(timer);
      this.#watchers.delete(changed);
      callback(error);
    };
    const changed = (): void => {
      if (this.#state !== current) done();
    };
    if (Number(deadline) !== Infinity) {
      const expired = (): void => done(new Error('Deadline passed without connectivity state change'));
      timer = setTimeout(expired, Math.max(0, Number(deadline) - Date.now()));
    }
    this.#watchers.add(changed);
    queueMicrotask(changed);
  }

  getChannelzRef(): never {
    throw new Error('a ttrpc channel does not support channelz');
  }

  close(): void {
    if (this.#state === connectivityState.SHUTDOWN) return;
    this.#become(connectivityState.SHUTDOWN);
    this.#ready = undefined;
    void this.#connection?.then(
      (connection) => connection[Symbol.asyncDispose](),
      () => {},
    );
  }

  async #connect(method: string): Promise<TtrpcConnection> {
    if (this.#state === connectivityState.SHUTDOWN) {
      throw new RpcError(status.UNAVAILABLE, method, 'the channel has been closed');
    }
    this.#connection ??= this.#open();
    try {
      return await this.#connection;
    } catch (cause) {
      throw new RpcError(status.UNAVAILABLE, method, messageOf(cause), { cause });
    }
  }

  async #open(): Promise<TtrpcConnection> {
    this.#become(connectivityState.CONNECTING);
    try {
      const connection = await this.#dial();
      void connection.closed.then(() => {
        this.#connection = undefined;
        this.#ready = undefined;
        this.#become(connectivityState.IDLE);
      });
      this.#ready = connection;
      this.#become(connectivityState.READY);
      return connection;
    } catch (error) {
      this.#connection = undefined;
      this.#become(connectivityState.TRANSIENT_FAILURE);
      throw error;
    }
  }

  #become(state: State): void {
    if (this.#state === connectivityState.SHUTDOWN) return;
    this.#state = state;
    for (const changed of [...this.#watchers]) changed();
  }
}
