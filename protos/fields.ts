import protobuf from 'protobufjs';
import type { Field, ProtoSet } from './describe.ts';

/**
 * The fields of a message and of the messages in it, as paths in the spelling of the protos: `OCI.Process.User.UID`. A
 * path ends at a field that holds no message. Fields of repeated messages and of a map's messages have one path for all
 * elements. A message inside itself is not followed.
 */
export function declaredFields(protos: ProtoSet, message: string): readonly string[] {
  return below(protos, message, []);
}

function below(protos: ProtoSet, message: string, outer: readonly string[]): string[] {
  if (outer.includes(message)) return [];
  return [...(protos.messages.get(message) ?? [])].flatMap(([name, { type }]) =>
    protos.messages.has(type) ? below(protos, type, [...outer, message]).map((path) => `${name}.${path}`) : [name],
  );
}

/**
 * The paths of {@link declaredFields} that a request sets. A field with the zero value of its type (0, false, an empty
 * text, list or map, the enum's value 0) is not set: proto3 cannot tell it from an absent one. A member of a oneof and an
 * `optional` field are set even if zero.
 */
export function setFields(protos: ProtoSet, message: string, request: unknown): readonly string[] {
  return [...new Set(setBelow(protos, message, request, []))];
}

function setBelow(protos: ProtoSet, message: string, value: unknown, outer: readonly string[]): string[] {
  const fields = protos.messages.get(message);
  if (fields === undefined || outer.includes(message) || typeof value !== 'object' || value === null) return [];
  return [...fields].flatMap(([name, field]) => {
    const held = (value as Readonly<Record<string, unknown>>)[protobuf.util.camelCase(name)];
    if (held === undefined || held === null) return [];
    if (!protos.messages.has(field.type)) return isSet(protos, field, held) ? [name] : [];
    return elementsOf(field, held).flatMap((each) =>
      setBelow(protos, field.type, each, [...outer, message]).map((path) => `${name}.${path}`),
    );
  });
}

/** The messages in a field of messages. */
function elementsOf({ label }: Field, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return typeof label === 'object' ? Object.values(value as object) : [value];
}

function isSet({ enums }: ProtoSet, { label, oneof, type }: Field, value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof label === 'object') return Object.keys(value as object).length > 0;
  if (label === 'optional' || oneof !== undefined) return true;
  const number = typeof value === 'string' ? enums.get(type)?.get(value) : undefined;
  return type === 'string' || type === 'bytes' ? String(value) !== '' : Number(number ?? value) !== 0;
}
