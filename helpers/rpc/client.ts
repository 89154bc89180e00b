import {
  Client,
  connectivityState,
  credentials,
  type Interceptor,
  Metadata,
  type MethodDefinition,
  type ServiceDefinition,
  type ServiceError,
} from '@grpc/grpc-js';
import { presentable, type RpcRecord } from '../contract/rpc-record.ts';
import { HarnessError } from '../errors.ts';
import { TtrpcChannel } from '../ttrpc/channel.ts';
import { connectTtrpc } from '../ttrpc/connect.ts';
import { statusName } from '../ttrpc/status.ts';
import { type Address, formatAddress, parseAddress } from '../vsock/address.ts';
import { RpcError } from './error.ts';

/** Options of one RPC call. */
export interface RpcOptions {
  /** Deadline of the call in milliseconds; by default the client's. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Options of an {@link RpcClient}. */
export interface RpcClientOptions {
  /** Deadline of the client's calls that set none, in milliseconds. */
  readonly timeoutMs: number;
  /** Called after every RPC call with the record of the call. */
  readonly onCall?: ((record: RpcRecord) => void) | undefined;
  readonly interceptors?: readonly Interceptor[];
  /**
   * Transport of the client: ttrpc by default; `grpc` for a server that speaks gRPC over HTTP/2, as containerd does on
   * its own socket.
   */
  readonly transport?: 'ttrpc' | 'grpc';
}

/**
 * The RPC methods of a service as functions that return promises, in camelCase; derived from the types that
 * proto-loader generates.
 */
export type PromiseMethods<Definition> = {
  // Only known names are mapped: a definition also has an index signature, which has no names.
  [Name in keyof Definition as string extends Name
    ? never
    : Name extends string
      ? Exclude<Uncapitalize<Name>, 'then'>
      : never]: Definition[Name] extends {
    requestSerialize: (value: infer Request) => Buffer;
    responseDeserialize: (bytes: Buffer) => infer Response;
  }
    ? (request: Request, options?: RpcOptions) => Promise<Response>
    : never;
};

/** A promise client for any unary services over ttrpc (or gRPC); {@link RpcError} for every status but OK. */
export class RpcClient implements AsyncDisposable {
  readonly #address: Address;
  readonly #methods = new Map<string, MethodDefinition<object, object>>();
  readonly #client: Client;
  readonly #timeoutMs: number;
  readonly #onCall: ((record: RpcRecord) => void) | undefined;

  constructor(target: Address | string, services: ReadonlyMap<string, ServiceDefinition>, options: RpcClientOptions) {
    this.#address = typeof target === 'string' ? parseAddress(target) : target;
    this.#timeoutMs = options.timeoutMs;
    this.#onCall = options.onCall;
    for (const [service, definition] of services) {
      for (const [name, method] of Object.entries(definition)) {
        if (!method.requestStream && !method.responseStream) this.#methods.set(`${service}/${name}`, method);
      }
    }
    const name = formatAddress(this.#address);
    const interceptors = [...(options.interceptors ?? [])];
    this.#client =
      options.transport === 'grpc'
        ? new Client(name, credentials.createInsecure(), { 'grpc.default_authority': 'localhost', interceptors })
        : new Client(name, credentials.createInsecure(), {
            channelFactoryOverride: () => new TtrpcChannel(name, () => connectTtrpc(this.#address)),
            interceptors,
          });
  }

  get address(): Address {
    return this.#address;
  }

  /** Full names (`grpc.Image/PullImage`) of the unary methods of the loaded protos. */
  get methods(): readonly string[] {
    return [...this.#methods.keys()];
  }

  /**
   * Calls any method of the loaded protos by its full name or, if only one service has it, by its own name. Rejects
   * with {@link RpcError}; with {@link HarnessError} `unknown-method` if the protos have no such unary method, and
   * `ambiguous-method` if several services have it.
   */
  async call(name: string, request: object = {}, options: RpcOptions = {}): Promise<object> {
    const method = this.#resolve(name);
    const record = this.#onCall && recorder(this.#onCall, method, request);
    try {
      const response = await this.#unary(method, request, options);
      record?.({ status: 'ok', details: '', response: presentable(response) });
      return response;
    } catch (error) {
      const { code, details } = error as ServiceError;
      record?.({ status: statusName(code).toLowerCase(), details });
      throw new RpcError(code, method, details, { cause: error });
    }
  }

  /** Whether the client's channel is connected now. */
  get connected(): boolean {
    return this.#client.getChannel().getConnectivityState(false) === connectivityState.READY;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.close();
  }

  #resolve(name: string): string {
    if (this.#methods.has(name)) return name;
    const matches = this.methods.filter((method) => ownName(method) === name);
    const [only, ...others] = matches;
    if (only !== undefined && others.length === 0) return only;
    if (only !== undefined) throw ambiguous(name, matches);
    throw new HarnessError(
      'unknown-method',
      `no unary method ${name}: the loaded protos have ${this.methods.join(', ')}`,
    );
  }

  #unary(name: string, request: object, options: RpcOptions): Promise<object> {
    const method = this.#methods.get(name) as MethodDefinition<object, object>;
    const metadata = new Metadata();
    for (const [key, value] of Object.entries(options.metadata ?? {})) metadata.set(key, value);
    const { signal, timeoutMs = this.#timeoutMs } = options;
    return new Promise((resolve, reject) => {
      const call = withoutStacks(() =>
        this.#client.makeUnaryRequest(
          `/${name}`,
          method.requestSerialize,
          method.responseDeserialize,
          request,
          metadata,
          { deadline: Date.now() + timeoutMs },
          (error, response) => {
            signal?.removeEventListener('abort', cancel);
            if (error) reject(error);
            else resolve(response ?? {});
          },
        ),
      );
      const cancel = (): void => call.cancel();
      if (signal?.aborted) cancel();
      else signal?.addEventListener('abort', cancel, { once: true });
    });
  }
}

/**
 * grpc-js records a stack at every call for its errors, which {@link RpcError} replaces with errors that have their own
 * stack. Without these stacks, a call takes two thirds of the time.
 */
function withoutStacks<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Starts the record of an RPC call; the returned function passes the record to `onCall` with the outcome. */
function recorder(
  onCall: (record: RpcRecord) => void,
  method: string,
  request: object,
): (outcome: Pick<RpcRecord, 'status' | 'details' | 'response'>) => void {
  const begun = { method, request: presentable(request), startedAt: Date.now() };
  const started = performance.now();
  return (outcome) => onCall({ ...begun, durationMs: performance.now() - started, ...outcome });
}

/**
 * Adds a camelCase method to `client` for each unary method, or for the named ones (full names). A method that several
 * of these services have rejects with its full names. A method with the name of a client's member (`call`) is reached
 * only through {@link RpcClient.call}.
 */
export function withMethods<Methods>(
  client: RpcClient,
  names: readonly string[] = client.methods,
): RpcClient & Methods {
  const byKey = new Map<string, readonly string[]>();
  for (const name of names) {
    const key = methodKey(ownName(name));
    byKey.set(key, [...(byKey.get(key) ?? []), name]);
  }
  for (const [key, [name = '', ...others]] of byKey) {
    if (!isFreeKey(key)) continue;
    const value = (request: object, options?: RpcOptions): Promise<object> =>
      others.length === 0 ? client.call(name, request, options) : Promise.reject(ambiguous(key, [name, ...others]));
    Object.defineProperty(client, key, { value, enumerable: true });
  }
  return client as RpcClient & Methods;
}

function ownName(method: string): string {
  return method.slice(method.indexOf('/') + 1);
}

/** The name of an RPC method as a member of a client, in camelCase. */
export function methodKey(method: string): string {
  return method.charAt(0).toLowerCase() + method.slice(1);
}

/**
 * Whether a client can have a member of this name for an RPC method: the client's own members take precedence, and
 * `then` would make it a promise.
 */
export function isFreeKey(key: string): boolean {
  return key !== 'then' && !(key in RpcClient.prototype);
}

function ambiguous(name: string, candidates: readonly string[]): HarnessError {
  return new HarnessError(
    'ambiguous-method',
    `${name} is a method of several services; call one of ${candidates.join(', ')}`,
  );
}
