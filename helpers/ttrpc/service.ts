import { messageOf } from '../errors.ts';
import { type ServerCall, type TtrpcHandler, TtrpcStatus } from './server.ts';
import { status } from './status.ts';

/**
 * Handles one RPC method: takes a decoded request, returns a response in the form that proto-loader's `fromObject`
 * accepts.
 */
export type MethodHandler = (request: never, call: ServerCall) => Promise<object>;

/** Serialisation of the messages of a service's RPC methods; a subset of proto-loader's definitions. */
export type ServiceMethods<More = unknown> = Readonly<
  Record<
    string,
    More & {
      requestDeserialize(bytes: Buffer): unknown;
      responseSerialize(response: object): Uint8Array;
    }
  >
>;

/** A service's full name and the handlers of its RPC methods, for {@link routes}. */
export interface Implementation {
  readonly service: string;
  readonly methods: ReadonlyMap<string, (call: ServerCall) => Promise<Uint8Array>>;
}

/**
 * Binds handlers to a service's methods. The key of a handler is the method's name in camelCase; a method without a handler
 * is answered with UNIMPLEMENTED.
 */
export function implement(
  service: string,
  definition: ServiceMethods,
  handlers: Readonly<Record<string, MethodHandler>>,
): Implementation {
  const methods = new Map<string, (call: ServerCall) => Promise<Uint8Array>>();
  const unused = new Set(Object.keys(handlers));
  for (const [name, method] of Object.entries(definition)) {
    const key = name.charAt(0).toLowerCase() + name.slice(1);
    const handler = Object.hasOwn(handlers, key) ? handlers[key] : undefined;
    unused.delete(key);
    if (!handler) {
      methods.set(name, () => Promise.reject(unimplemented(service, name)));
      continue;
    }
    methods.set(name, async (call) => {
      let request: unknown;
      try {
        request = method.requestDeserialize(Buffer.from(call.payload));
      } catch (cause) {
        const problem = `${service}/${name}: not a valid request: ${messageOf(cause)}`;
        throw new TtrpcStatus(status.INVALID_ARGUMENT, problem, { cause });
      }
      return method.responseSerialize(await handler(request as never, call));
    });
  }
  if (unused.size > 0) throw new TypeError(`${service} has no method for the handler ${[...unused].join(', ')}`);
  return { service, methods };
}

/**
 * One handler for several services. A method of any other service is answered with the status that `unknown` returns.
 */
export function routes(
  implementations: readonly Implementation[],
  unknown: (service: string, method: string) => TtrpcStatus = unimplemented,
): TtrpcHandler {
  const services = new Map(implementations.map((implementation) => [implementation.service, implementation.methods]));
  return async (call) => {
    const handler = services.get(call.service)?.get(call.method);
    if (!handler) throw unknown(call.service, call.method);
    return handler(call);
  };
}

function unimplemented(service: string, method: string): TtrpcStatus {
  return new TtrpcStatus(status.UNIMPLEMENTED, `/${service}/${method} is not supported`);
}
