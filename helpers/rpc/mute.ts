import { InterceptingCall, type Interceptor, Metadata, status } from '@grpc/grpc-js';
import type { Mute, PathStep } from '../contract/mute.ts';
import type { RpcRecord } from '../contract/rpc-record.ts';

/**
 * A grpc-js interceptor that mutes the client while `applies` returns true: a muted method is answered with the default
 * message of its response and never sent; a muted field is left at its default.
 */
export function muteInterceptor({ method, path }: Mute, applies: () => boolean): Interceptor {
  return (options, nextCall) => {
    const { path: called, responseDeserialize } = options.method_definition;
    if (called !== `/${method}` || !applies()) return new InterceptingCall(nextCall(options));
    if (path !== undefined)
      return new InterceptingCall(nextCall(options), {
        sendMessage: (message: object, next) => next(withoutField(message, path)),
      });
    return new InterceptingCall(nextCall(options), {
      // grpc-js's `next` is not called, so grpc-js neither starts the call nor sends its message.
      start: (_metadata, listener) =>
        queueMicrotask(() => {
          listener.onReceiveMetadata(new Metadata());
          listener.onReceiveMessage(responseDeserialize(Buffer.alloc(0)));
          listener.onReceiveStatus({ code: status.OK, details: '', metadata: new Metadata() });
        }),
    });
  };
}

/** A copy of a message without the field at the end of `path`, in every element of repeated and map fields. */
export function withoutField(message: object, [step, ...rest]: readonly PathStep[]): object {
  if (step === undefined) return message;
  const fields = Object.entries(message).flatMap(([name, value]: [string, unknown]) => {
    if (!step.names.includes(name)) return [[name, value]];
    return rest.length === 0 ? [] : [[name, inEach(value, step, (below) => withoutField(below, rest))]];
  });
  return Object.fromEntries(fields) as object;
}

function inEach(value: unknown, { map }: PathStep, change: (message: object) => object): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((element: object) => change(element));
  if (!map) return change(value);
  return Object.fromEntries(Object.entries(value).map(([key, element]: [string, object]) => [key, change(element)]));
}

/** The record of an RPC call as the agent saw it: evidence must not show what the client withheld. */
export function mutedRecord({ method, path }: Mute, record: RpcRecord): RpcRecord {
  if (record.method !== method) return record;
  if (path === undefined) return { ...record, details: 'muted (KATA_MUTE): never sent, answered by our client' };
  const { request } = record;
  return typeof request === 'object' && request !== null ? { ...record, request: withoutField(request, path) } : record;
}
