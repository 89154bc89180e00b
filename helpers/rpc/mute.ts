import { InterceptingCall, type Interceptor, Metadata, status } from '@grpc/grpc-js';
import type { Mute, PathStep } from '../contract/mute.ts';
import type { RpcRecord } from '../contract/rpc-record.ts';

/**
 * A grpc-js interceptor that withholds what `mutes` returns for each call: a muted method is answered with the default
 * message of its response and never sent; a muted field is left at its default.
 */
export function muteInterceptor(mutes: () => readonly Mute[]): Interceptor {
  return (options, nextCall) => {
    const { path: called, responseDeserialize } = options.method_definition;
    const own = mutes().filter(({ method }) => called === `/${method}`);
    if (own.length === 0) return new InterceptingCall(nextCall(options));
    if (own.every(({ path }) => path !== undefined))
      return new InterceptingCall(nextCall(options), {
        sendMessage: (message: object, next) => next(withoutFields(message, own)),
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

function withoutFields(message: object, mutes: readonly Mute[]): object {
  return mutes.reduce((rest, { path = [] }) => withoutField(rest, path), message);
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
export function mutedRecord(mutes: readonly Mute[], record: RpcRecord): RpcRecord {
  const own = mutes.filter(({ method }) => method === record.method);
  if (own.some(({ path }) => path === undefined))
    return { ...record, details: 'muted (KATA_MUTE): never sent, answered by our client' };
  const { request } = record;
  if (own.length === 0) return record;
  return typeof request === 'object' && request !== null ? { ...record, request: withoutFields(request, own) } : record;
}
