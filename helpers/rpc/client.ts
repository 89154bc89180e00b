import { Metadata, type ServiceDefinition, type ServiceError } from '@grpc/grpc-js';
import { presentable, type RpcRecord } from '../contract/rpc-record.ts';
import { HarnessError } from '../errors.ts';
import { statusName } from '../ttrpc/status.ts';
import { type Address, parseAddress } from '../vsock/address.ts';
import { RpcError } from './error.ts';
import { openUnaryClient, type TransportOptions } from './open-unary-client.ts';
import type { UnaryCall, UnaryClient, UnaryMethod } from './unary.ts';

/** Options of one RPC call. */
export interface RpcOptions {
  /** Deadline of the call in milliseconds; by default the client's. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Options of an {@link RpcClient}. */
export interface RpcClientOptions extends TransportOptions {
  /** Deadline of the client's calls that set none, in milliseconds. */
  readonly timeoutMs: number;
  /** Called after every RPC call with the record of the call. */
  readonly onCall?: ((record: RpcRecord) => void) | undefined;
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
  readonly #methods = new Map<string, UnaryMethod>();
  readonly #unary: UnaryClient;
  readonly #timeoutMs: number;
  readonly #onCall: ((record: RpcRecord) => void) | undefined;

  constructor(target: Address | string, services: ReadonlyMap<string, ServiceDefinition>, options: RpcClientOptions) {
    this.#address = typeof target === 'string' ? parseAddress(target) : target;
    this.#timeoutMs = options.timeoutMs;
    this.#onCall = options.onCall;
    for (const [service, methods] of services) {
      for (const [name, definition] of Object.entries(methods)) {
        if (definition.requestStream || definition.responseStream) continue;
        this.#methods.set(`${service}/${name}`, { service, name, definition });
      }
    }
    this.#unary = openUnaryClient(this.#address, options);
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
    const method = this.#methods.get(name) ?? this.#findByOwnName(name);
    try {
      return await this.#request(method, request, options);
    } catch (error) {
      // A function that awaits creates the error: then its stack has the callers that await this one.
      throw rpcError(method, error);
    }
  }

  /** Whether the client is connected now. */
  get connected(): boolean {
    return this.#unary.connected;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#unary.close();
  }

  #request(method: UnaryMethod, message: object, options: RpcOptions): Promise<object> {
    const { signal, timeoutMs = this.#timeoutMs } = options;
    const metadata = options.metadata && metadataOf(options.metadata);
    const record = this.#onCall && recorder(this.#onCall, method, message);
    return new Promise((resolve, reject) => {
      let call: UnaryCall | undefined;
      const cancel = signal && ((): void => call?.cancel());
      if (cancel) signal.addEventListener('abort', cancel, { once: true });
      call = this.#unary.request({ method, message, metadata, timeoutMs }, (error, response = {}) => {
        if (cancel) signal.removeEventListener('abort', cancel);
        if (error) {
          record?.({ status: statusName(error.code).toLowerCase(), details: error.details });
          reject(error);
        } else {
          record?.({ status: 'ok', details: '', response: presentable(response) });
          resolve(response);
        }
      });
      if (signal?.aborted) call.cancel();
    });
  }

  #findByOwnName(name: string): UnaryMethod {
    const matches = [...this.#methods].filter(([, method]) => method.name === name);
    const [only, ...others] = matches;
    if (only !== undefined && others.length === 0) return only[1];
    if (only !== undefined)
      throw ambiguous(
        name,
        matches.map(([fullName]) => fullName),
      );
    throw new HarnessError(
      'unknown-method',
      `no unary method ${name}: the loaded protos have ${this.methods.join(', ')}`,
    );
  }
}

function metadataOf(pairs: Readonly<Record<string, string>>): Metadata {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(pairs)) metadata.set(key, value);
  return metadata;
}

/** The error of a call that ended with a status; any other error, such as that of an invalid metadata key, as it is. */
function rpcError(method: UnaryMethod, error: unknown): unknown {
  if (!(error instanceof Error && 'details' in error)) return error;
  const { code, details } = error as ServiceError;
  return new RpcError(code, fullName(method), details, { cause: error });
}

/** Starts the record of an RPC call; the returned function passes the record to `onCall` with the outcome. */
function recorder(
  onCall: (record: RpcRecord) => void,
  method: UnaryMethod,
  request: object,
): (outcome: Pick<RpcRecord, 'status' | 'details' | 'response'>) => void {
  const begun = { method: fullName(method), request: presentable(request), startedAt: Date.now() };
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

function fullName({ name, service }: UnaryMethod): string {
  return `${service}/${name}`;
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
