import { join, relative } from 'node:path';
import protobuf from 'protobufjs';
import { ConfigError, messageOf } from '../helpers/errors.ts';
import { protoFilesIn } from './find.ts';

/** A set of .proto files as plain data, by full name (`grpc.GetFooRequest`); how it is spread over files does not matter. */
export interface ProtoSet {
  readonly services: ReadonlyMap<string, ReadonlyMap<string, Method>>;
  readonly messages: ReadonlyMap<string, ReadonlyMap<string, Field>>;
  readonly enums: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** File that declares a service, message or enum, relative to the directory. */
  readonly files: ReadonlyMap<string, string>;
}

export interface Method {
  readonly request: string;
  readonly response: string;
  readonly streams: boolean;
}

export interface Field {
  readonly id: number;
  /** Full name of a message or enum, or a scalar. */
  readonly type: string;
  readonly label: 'one' | 'optional' | 'repeated' | { readonly mapOf: string };
  /** The oneof it belongs to. */
  readonly oneof: string | undefined;
}

/** Reads all .proto files in a directory. Throws {@link ConfigError}. */
export function describeProtos(directory: string): ProtoSet {
  const root = new protobuf.Root();
  // gogo's options say how Go code is made; nothing of them is on the wire, and `null` leaves the import out.
  root.resolvePath = (_origin, target) => {
    if (target.startsWith('gogo/')) return null;
    return target.startsWith('google/') ? target : join(directory, target);
  };
  const names = protoFilesIn(directory).map((file) => relative(directory, file));
  try {
    root.loadSync(names, { keepCase: true }).resolveAll();
  } catch (cause) {
    throw new ConfigError(`cannot load the protos in ${directory}: ${messageOf(cause)}`, { cause });
  }
  const set = {
    services: new Map<string, Map<string, Method>>(),
    messages: new Map<string, Map<string, Field>>(),
    enums: new Map<string, Map<string, number>>(),
    files: new Map<string, string>(),
  };
  walk(root, (thing) => {
    const name = nameOf(thing);
    // What Google and gogo declare is not the agent's.
    if (/^(google|gogoproto)\./.test(name)) return;
    if (thing.filename) set.files.set(name, relative(directory, thing.filename));
    if (thing instanceof protobuf.Service) set.services.set(name, methodsOf(thing));
    else if (thing instanceof protobuf.Type) set.messages.set(name, fieldsOf(thing));
    else if (thing instanceof protobuf.Enum) set.enums.set(name, new Map(Object.entries(thing.values)));
  });
  return set;
}

function walk(thing: protobuf.ReflectionObject, visit: (thing: protobuf.ReflectionObject) => void): void {
  visit(thing);
  if (thing instanceof protobuf.Namespace) for (const below of thing.nestedArray) walk(below, visit);
}

function nameOf({ fullName }: protobuf.ReflectionObject): string {
  return fullName.replace(/^\./, '');
}

function methodsOf(service: protobuf.Service): Map<string, Method> {
  return new Map(
    service.methodsArray.map((method) => [
      method.name,
      {
        request: method.resolvedRequestType ? nameOf(method.resolvedRequestType) : method.requestType,
        response: method.resolvedResponseType ? nameOf(method.resolvedResponseType) : method.responseType,
        streams: Boolean(method.requestStream || method.responseStream),
      },
    ]),
  );
}

function fieldsOf(message: protobuf.Type): Map<string, Field> {
  return new Map(
    message.fieldsArray.map((field) => [
      field.name,
      {
        id: field.id,
        type: field.resolvedType ? nameOf(field.resolvedType) : field.type,
        label: labelOf(field),
        oneof: field.partOf && !isProto3Optional(field) ? field.partOf.name : undefined,
      },
    ]),
  );
}

function labelOf(field: protobuf.Field): Field['label'] {
  if (field instanceof protobuf.MapField) return { mapOf: field.keyType };
  if (field.repeated) return 'repeated';
  return isProto3Optional(field) ? 'optional' : 'one';
}

function isProto3Optional(field: protobuf.Field): boolean {
  return field.options?.['proto3_optional'] === true;
}

/** The package of a full name: Kata's, as most, are in small letters, and messages are not. */
export function packageOf(name: string): string {
  return /^(?:[a-z0-9_]+\.)*/.exec(name)?.[0].replace(/\.$/, '') ?? '';
}
