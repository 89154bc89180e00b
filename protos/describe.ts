import { relative } from 'node:path';
import protobuf from 'protobufjs';
import { type ParsedProtos, parseProtos } from './parse.ts';

/** A set of .proto files as plain data, by full name (`grpc.GetFooRequest`), regardless of the files' layout. */
export interface ProtoSet {
  readonly services: ReadonlyMap<string, ReadonlyMap<string, Method>>;
  readonly messages: ReadonlyMap<string, ReadonlyMap<string, Field>>;
  readonly enums: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** File, outer message and syntax of each service, message and enum. */
  readonly declared: ReadonlyMap<string, Declaration>;
}

export interface Declaration {
  /** Name of the declaring .proto file, relative to the directory. */
  readonly file: string;
  readonly package: string;
  /** Full name of the message in which the declaration is nested. */
  readonly outer: string | undefined;
  /** Syntax of the declaring file: `proto2`, `proto3`, or an edition. */
  readonly syntax: string;
  /** Reserved names, and ranges of field numbers as first and last. */
  readonly reserved: readonly (string | readonly number[])[];
  /** Whether the enum has `allow_alias`: several names for one number. */
  readonly aliases: boolean;
}

export interface Method {
  readonly request: string;
  readonly response: string;
  readonly clientStreams: boolean;
  readonly serverStreams: boolean;
}

export interface Field {
  readonly id: number;
  /** Type of the field: full name of a message or enum, or a scalar type. */
  readonly type: string;
  readonly label: 'one' | 'optional' | 'repeated' | { readonly mapOf: string };
  /** Name of the oneof to which the field belongs. */
  readonly oneof: string | undefined;
}

/** Parses all .proto files in a directory. Throws {@link ConfigError}. */
export function describeProtos(directory: string, options: Parameters<typeof parseProtos>[1] = {}): ProtoSet {
  return describeParsed(directory, parseProtos(directory, options));
}

function describeParsed(directory: string, { root, syntax }: ParsedProtos): ProtoSet {
  const set = {
    services: new Map<string, Map<string, Method>>(),
    messages: new Map<string, Map<string, Field>>(),
    enums: new Map<string, Map<string, number>>(),
    declared: new Map<string, Declaration>(),
  };
  walk(root, (thing) => {
    const { filename } = thing;
    // Types that are bundled with protobufjs have no file and are left out.
    if (!filename || !isDeclaration(thing)) return;
    const name = nameOf(thing);
    const scope = packageOf(thing);
    if (scope === 'google.protobuf' || scope === 'gogoproto') return;
    set.declared.set(name, {
      file: relative(directory, filename),
      package: scope,
      outer: thing.parent instanceof protobuf.Type ? nameOf(thing.parent) : undefined,
      syntax: syntax.get(filename) ?? 'proto2',
      reserved: thing instanceof protobuf.Service ? [] : (thing.reserved ?? []),
      aliases: thing.options?.['allow_alias'] === true,
    });
    if (thing instanceof protobuf.Service) set.services.set(name, methodsOf(thing));
    else if (thing instanceof protobuf.Type) set.messages.set(name, fieldsOf(thing));
    else set.enums.set(name, new Map(Object.entries(thing.values)));
  });
  return set;
}

function walk(thing: protobuf.ReflectionObject, visit: (thing: protobuf.ReflectionObject) => void): void {
  visit(thing);
  if (thing instanceof protobuf.Namespace) for (const below of thing.nestedArray) walk(below, visit);
}

function isDeclaration(thing: protobuf.ReflectionObject): thing is protobuf.Service | protobuf.Type | protobuf.Enum {
  return thing instanceof protobuf.Service || thing instanceof protobuf.Type || thing instanceof protobuf.Enum;
}

function nameOf({ fullName }: protobuf.ReflectionObject): string {
  return fullName.replace(/^\./, '');
}

function packageOf({ parent }: protobuf.ReflectionObject): string {
  if (parent === null) return '';
  return isDeclaration(parent) ? packageOf(parent) : nameOf(parent);
}

function methodsOf(service: protobuf.Service): Map<string, Method> {
  return new Map(
    service.methodsArray.map((method) => [
      method.name,
      {
        request: method.resolvedRequestType ? nameOf(method.resolvedRequestType) : method.requestType,
        response: method.resolvedResponseType ? nameOf(method.resolvedResponseType) : method.responseType,
        clientStreams: method.requestStream === true,
        serverStreams: method.responseStream === true,
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

/** The packages in which a set of protos declares anything. */
export function packagesOf({ declared }: ProtoSet): ReadonlySet<string> {
  return new Set([...declared.values()].map((declaration) => declaration.package));
}

/** The last part of a full name: `GetFoo` of `grpc.AgentService.GetFoo`. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
