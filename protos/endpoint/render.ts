import { fieldText } from '../compare.ts';
import { type Field, type ProtoSet, shortName } from '../describe.ts';
import { declaredIn } from './closure.ts';

/** Full names of all messages, enums and packages that a name in a .proto file can resolve to. */
export type KnownNames = ReadonlySet<string>;

/** The known names of several sets of protos together. */
export function knownNames(...sets: readonly ProtoSet[]): KnownNames {
  const names = sets.flatMap(({ declared }) => [...declared].flatMap(([name, { package: scope }]) => [name, scope]));
  return new Set([...names, 'google.protobuf'].flatMap((name) => [name, ...scopesOf(name)]));
}

/**
 * The name of a type as written within `scope`: without the scope's own package, with a leading dot if it would be
 * ambiguous.
 */
export function typeName(type: string, scope: string, scopePackage: string, known: KnownNames): string {
  if (!type.includes('.') && !known.has(type)) return type;
  const name = scopePackage !== '' && type.startsWith(`${scopePackage}.`) ? type.slice(scopePackage.length + 1) : type;
  return resolve(name, scope, known) === type ? name : `.${type}`;
}

/**
 * Resolves a relative type name of a .proto file: its first component is looked up from the innermost scope. Source:
 * protobuf's language guide.
 */
function resolve(name: string, scope: string, known: KnownNames): string {
  const [first = ''] = name.split('.');
  const within = [scope, ...scopesOf(scope)].find((candidate) => known.has(`${candidate}.${first}`));
  return within === undefined ? name : `${within}.${name}`;
}

function scopesOf(name: string): string[] {
  const outer = name.slice(0, Math.max(0, name.lastIndexOf('.')));
  return outer === '' ? [] : [outer, ...scopesOf(outer)];
}

/**
 * The lines of a .proto file that declare a message or enum with its nested types. Omits options other than
 * allow_alias.
 */
export function declarationLines(name: string, set: ProtoSet, known: KnownNames): string[] {
  const { aliases = false, reserved = [] } = set.declared.get(name) ?? {};
  const values = set.enums.get(name);
  if (values !== undefined) {
    const option = aliases ? [ALLOW_ALIAS] : [];
    const body = [...option, ...reservedLines(reserved), ...[...values].map(([key, value]) => `${key} = ${value};`)];
    return [`enum ${shortName(name)} {`, ...body.map(indented), '}'];
  }
  const inner = declaredIn(name, set).flatMap((each) => declarationLines(each, set, known));
  const fields = fieldLines(name, [...(set.messages.get(name) ?? [])], set, known);
  const body = [...reservedLines(reserved), ...inner, ...fields];
  if (body.length === 0) return [`message ${shortName(name)} {}`];
  return [`message ${shortName(name)} {`, ...body.map(indented), '}'];
}

export const ALLOW_ALIAS = 'option allow_alias = true;';

/** The lines that declare the fields of one message; each oneof is a block with its members. */
export function fieldLines(
  message: string,
  fields: readonly (readonly [string, Field])[],
  set: ProtoSet,
  known: KnownNames,
): string[] {
  const oneofs = [...new Set(fields.map(([, { oneof }]) => oneof))];
  return oneofs.flatMap((oneof) => {
    const members = fields.filter(([, field]) => field.oneof === oneof);
    const lines = members.map((member) => memberLine(message, member, set, known));
    return oneof === undefined ? lines : [`oneof ${oneof} {`, ...lines.map(indented), '}'];
  });
}

/** The line that declares one field, in a message or in a oneof. */
export function memberLine(
  message: string,
  [name, field]: readonly [string, Field],
  set: ProtoSet,
  known: KnownNames,
): string {
  const scope = set.declared.get(message)?.package ?? '';
  return `${fieldText(name, { ...field, type: typeName(field.type, message, scope, known) })};`;
}

function reservedLines(reserved: readonly (string | readonly number[])[]): string[] {
  const names = reserved.flatMap((entry) => (typeof entry === 'string' ? [`"${entry}"`] : []));
  const ranges = reserved.flatMap((entry) => (typeof entry === 'string' ? [] : [rangeText(entry)]));
  return [ranges, names].filter((list) => list.length > 0).map((list) => `reserved ${list.join(', ')};`);
}

/** The field number that protobufjs uses for `max` in a reserved range. */
const MAX_FIELD_NUMBER = 536_870_911;

function rangeText([first = 0, last = first]: readonly number[]): string {
  if (first === last) return `${first}`;
  return `${first} to ${last === MAX_FIELD_NUMBER ? 'max' : last}`;
}

function indented(line: string): string {
  return `  ${line}`;
}
