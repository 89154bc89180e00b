import { ConfigError } from '../../helpers/errors.ts';
import { compareProtos, type Difference } from '../compare.ts';
import type { ProtoSet } from '../describe.ts';
import { wellKnownFile } from './well-known.ts';

/**
 * Compares the checkout's `types` with ours and returns what they add: fields, values and whole declarations, none of
 * which changes our declarations. Throws a {@link ConfigError} with a line for each contradiction or unsupported
 * feature.
 */
export function additionsTo(ours: ProtoSet, theirs: ProtoSet, types: readonly string[]): Difference[] {
  const unsupported = types.flatMap((type) => whyUnsupported(type, theirs));
  if (unsupported.length > 0) throw rejection('the method needs unsupported types:', unsupported, '');
  const differences = compareProtos(ours, theirs, types);
  const clashes = differences.filter(({ kind }) => kind !== 'added');
  if (clashes.length > 0) {
    const lines = clashes.map((difference) => clashText(difference, ours));
    throw rejection('the checkout and our protos contradict each other:', lines, REMEDY);
  }
  return differences;
}

const REMEDY =
  'If the checkout is right, change our files by hand, run pnpm kata protos generate, then this command again.\n' +
  'If our protos are right, fix the branch; if it only lacks something that ours have, rebase it.';

function rejection(what: string, lines: readonly string[], remedy: string): ConfigError {
  const text = [what, ...lines.map((line) => `  ${line}`), ...(remedy === '' ? [] : [remedy])].join('\n');
  return new ConfigError(`${text}\nNothing was written.`);
}

function whyUnsupported(type: string, theirs: ProtoSet): string[] {
  const { file = '', syntax = 'proto3' } = theirs.declared.get(type) ?? {};
  const bySyntax = syntax === 'proto3' ? [] : [`${type}: ${file} uses ${syntaxName(syntax)}; only proto3 is supported`];
  const fields = [...(theirs.messages.get(type) ?? [])].flatMap(([name, field]) =>
    isKnown(field.type, theirs) ? [] : [`${type}: field ${name} is a ${whyNoType(field.type)}`],
  );
  return [...bySyntax, ...fields];
}

/** Why `endpoint add` does not support a request or response type; `undefined` if it does. */
export function whyNoMessage(type: string, theirs: ProtoSet): string | undefined {
  return isKnown(type, theirs) ? undefined : whyNoType(type);
}

function whyNoType(type: string): string {
  return `${type}, which is not one of the well-known types in protobufjs (Any, Duration, Empty, FieldMask, Struct, Timestamp, wrappers)`;
}

function isKnown(type: string, theirs: ProtoSet): boolean {
  return !type.includes('.') || theirs.declared.has(type) || wellKnownFile(type) !== undefined;
}

function syntaxName(syntax: string): string {
  return syntax.startsWith('proto') ? syntax : `edition ${syntax}`;
}

/**
 * Describes a contradiction between the checkout's protos and ours: message and member, our declaration, the
 * checkout's, and the kind of change.
 */
function clashText({ in: name, kind, member, noun, ours: mine, theirs: other }: Difference, ours: ProtoSet): string {
  const where = `${noun} ${name} (${ours.declared.get(name)?.file ?? ''})`;
  if (member === undefined) return `${where}: the checkout has another kind of declaration with that name`;
  const outcome = {
    removed: 'missing in the checkout',
    renamed: 'renamed',
    changed: 'changed',
    added: 'added',
  }[kind];
  const both = other === undefined ? `ours \`${mine}\`` : `ours \`${mine}\`, the checkout's \`${other}\``;
  return `${where}, ${MEMBER[noun]} ${member}: ${both}: ${outcome}`;
}

const MEMBER = { message: 'field', enum: 'value', service: 'method' } as const;
