import { ConfigError } from '../../helpers/errors.ts';
import { compareProtos, type Difference } from '../compare.ts';
import type { ProtoSet } from '../describe.ts';
import { wellKnownFile } from './well-known.ts';

/**
 * What the checkout's `types` have besides ours: fields, values and whole declarations, none of which changes what we have.
 * Throws {@link ConfigError} with a line for each thing that does not fit or is not supported.
 */
export function additionsTo(ours: ProtoSet, theirs: ProtoSet, types: readonly string[]): Difference[] {
  const unsupported = types.flatMap((type) => whyUnsupported(type, theirs));
  if (unsupported.length > 0) throw refusal('the method needs what is not supported:', unsupported, '');
  const differences = compareProtos(ours, theirs, types);
  const clashes = differences.filter(({ kind }) => kind !== 'added');
  if (clashes.length > 0) {
    const lines = clashes.map((difference) => clashText(difference, ours));
    throw refusal('the checkout and our protos contradict each other:', lines, REMEDY);
  }
  return differences;
}

const REMEDY =
  'If the checkout is right, change our files by hand, run pnpm protos:generate, then this command again.\n' +
  'If ours are, mend the branch; where it merely lacks what ours have, rebase it.';

function refusal(what: string, lines: readonly string[], remedy: string): ConfigError {
  const text = [what, ...lines.map((line) => `  ${line}`), ...(remedy === '' ? [] : [remedy])].join('\n');
  return new ConfigError(`${text}\nNothing was written.`);
}

function whyUnsupported(type: string, theirs: ProtoSet): string[] {
  const { file = '', syntax = 'proto3' } = theirs.declared.get(type) ?? {};
  const bySyntax =
    syntax === 'proto3' ? [] : [`${type}: ${file} is of ${syntaxName(syntax)}; only proto3 is supported`];
  const fields = [...(theirs.messages.get(type) ?? [])].flatMap(([name, field]) =>
    isKnown(field.type, theirs) ? [] : [`${type}: field ${name} is a ${whyNoType(field.type)}`],
  );
  return [...bySyntax, ...fields];
}

/** Why a request or response cannot be used; `undefined` when it can. */
export function whyNoMessage(type: string, theirs: ProtoSet): string | undefined {
  return isKnown(type, theirs) ? undefined : whyNoType(type);
}

function whyNoType(type: string): string {
  return `${type}, which is none of the well-known types that protobufjs has (Any, Duration, Empty, FieldMask, Struct, Timestamp, wrappers)`;
}

function isKnown(type: string, theirs: ProtoSet): boolean {
  return !type.includes('.') || theirs.declared.has(type) || wellKnownFile(type) !== undefined;
}

function syntaxName(syntax: string): string {
  return syntax.startsWith('proto') ? syntax : `edition ${syntax}`;
}

/** Subject first: message and member, ours, theirs, and what it comes to. */
function clashText({ in: name, kind, member, noun, ours: mine, theirs: other }: Difference, ours: ProtoSet): string {
  const where = `${noun} ${name} (${ours.declared.get(name)?.file ?? ''})`;
  if (member === undefined) return `${where}: the checkout has something else of that name`;
  const outcome = {
    removed: 'the checkout does not have it',
    renamed: 'renamed',
    changed: 'changed',
    added: 'added',
  }[kind];
  const both = other === undefined ? `ours \`${mine}\`` : `ours \`${mine}\`, the checkout's \`${other}\``;
  return `${where}, ${MEMBER[noun]} ${member}: ${both}: ${outcome}`;
}

const MEMBER = { message: 'field', enum: 'value', service: 'method' } as const;
