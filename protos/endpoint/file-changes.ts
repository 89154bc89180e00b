import { type Difference, rpcText } from '../compare.ts';
import { type Field, type ProtoSet, shortName } from '../describe.ts';
import { usedBy } from './closure.ts';
import { withAdditions } from './edit.ts';
import { type FoundMethod, fullName } from './find-method.ts';
import type { TypeFiles } from './place.ts';
import { ALLOW_ALIAS, declarationLines, fieldLines, type KnownNames, memberLine, typeName } from './render.ts';
import { wellKnownFile } from './well-known.ts';

/** Our set of protos, the checkout's, and the files for the types that we lack. */
export interface Merge {
  readonly ours: ProtoSet;
  readonly theirs: ProtoSet;
  readonly places: TypeFiles;
  readonly known: KnownNames;
  readonly found: FoundMethod;
}

interface FileChange {
  readonly package: string;
  readonly inBlocks: Map<string, string[]>;
  readonly options: Map<string, string[]>;
  readonly declarations: (readonly string[])[];
  readonly imports: Set<string>;
  methods: number;
}

/** Collects changes of .proto files, by file. */
export class FileChanges {
  readonly #merge: Merge;
  readonly #files = new Map<string, FileChange>();

  constructor(merge: Merge) {
    this.#merge = merge;
  }

  /**
   * Adds the declaration of a message or enum that we lack, nested in a message of ours if the checkout nests it there.
   */
  declare(type: string): void {
    const { known, theirs } = this.#merge;
    const { file, change } = this.#of(type);
    const lines = declarationLines(type, theirs, known);
    const outer = theirs.declared.get(type)?.outer;
    if (outer === undefined) change.declarations.push(lines);
    else append(change.inBlocks, `message ${outer}`, lines);
    this.#import(file, usedBy(type, theirs));
  }

  /** Adds the checkout's additional fields or values to a message or enum of our protos. */
  extend(type: string, added: readonly Difference[]): void {
    const { theirs } = this.#merge;
    const members = new Set(added.map(({ member }) => member));
    if (theirs.enums.has(type)) this.#extendEnum(type, added);
    else
      this.#extendMessage(
        type,
        [...(theirs.messages.get(type) ?? [])].filter(([name]) => members.has(name)),
      );
  }

  /** Adds the RPC method to its service; declares the service if our protos lack it. */
  addRpc(): void {
    const { found, known, ours } = this.#merge;
    const { method, rpc, service } = found;
    const { file, change } = this.#of(service);
    const line = `${rpcText(rpc, method, (type) => typeName(type, service, change.package, known))};`;
    if (ours.services.has(service)) append(change.inBlocks, `service ${service}`, [line]);
    else change.declarations.push([`service ${shortName(service)} {`, `  ${line}`, '}']);
    change.methods += 1;
    this.#import(file, [method.request, method.response]);
  }

  /** The resulting texts of .proto files by name; `read` returns the current text of a file. */
  texts(read: (file: string) => string | undefined): ReadonlyMap<string, string> {
    return new Map(
      [...this.#files].map(([file, change]) => {
        const text = withAdditions(read(file) ?? this.#header(change), { ...change, imports: [...change.imports] });
        return [file, countedMethods(text, change.methods)];
      }),
    );
  }

  #extendMessage(type: string, fields: readonly (readonly [string, Field])[]): void {
    const { known, ours, theirs } = this.#merge;
    const { file, change } = this.#of(type);
    const oneofs = new Set([...(ours.messages.get(type)?.values() ?? [])].map(({ oneof }) => oneof));
    const intoOneof = fields.filter(([, { oneof }]) => oneof !== undefined && oneofs.has(oneof));
    const others = fields.filter((field) => !intoOneof.includes(field));
    if (others.length > 0) append(change.inBlocks, `message ${type}`, fieldLines(type, others, theirs, known));
    for (const member of intoOneof)
      append(change.inBlocks, `oneof ${type}.${member[1].oneof}`, [memberLine(type, member, theirs, known)]);
    this.#import(
      file,
      fields.map(([, field]) => field.type),
    );
  }

  #extendEnum(type: string, added: readonly Difference[]): void {
    const { ours, theirs } = this.#merge;
    const { change } = this.#of(type);
    append(
      change.inBlocks,
      `enum ${type}`,
      added.map(({ theirs: line }) => `${line};`),
    );
    if (theirs.declared.get(type)?.aliases && !ours.declared.get(type)?.aliases)
      change.options.set(`enum ${type}`, [ALLOW_ALIAS]);
  }

  #of(name: string): { readonly file: string; readonly change: FileChange } {
    const { ours, places, theirs } = this.#merge;
    const declaration = ours.declared.get(name);
    const file = declaration?.file ?? places.get(name);
    if (file === undefined) throw new Error(`no file for ${name}`);
    const scope = (declaration ?? theirs.declared.get(name))?.package ?? '';
    const change = this.#files.get(file) ?? emptyChange(scope);
    this.#files.set(file, change);
    return { file, change };
  }

  #import(file: string, types: readonly string[]): void {
    const change = this.#files.get(file);
    for (const type of types) {
      const path = wellKnownFile(type) ?? this.#fileOf(type);
      if (path !== undefined && path !== file) change?.imports.add(path);
    }
  }

  /** The file of our protos that declares a type of the checkout; `undefined` for scalars. */
  #fileOf(type: string): string | undefined {
    const { ours, places, theirs } = this.#merge;
    const own = places.get(type) ?? ours.declared.get(type)?.file;
    const outer = theirs.declared.get(type)?.outer;
    return own ?? (outer === undefined ? undefined : this.#fileOf(outer));
  }

  #header({ package: scope }: FileChange): string {
    const statement = scope === '' ? '' : `\npackage ${scope};\n`;
    return `// For ${fullName(this.#merge.found)}.\nsyntax = "proto3";\n${statement}`;
  }
}

function emptyChange(scope: string): FileChange {
  return {
    package: scope,
    inBlocks: new Map(),
    options: new Map(),
    declarations: [],
    imports: new Set(),
    methods: 0,
  };
}

function append(blocks: Map<string, string[]>, key: string, lines: readonly string[]): void {
  blocks.set(key, [...(blocks.get(key) ?? []), ...lines]);
}

/** Updates the number of methods that the first line of agent.proto states. */
function countedMethods(text: string, more: number): string {
  return text.replace(
    /^(\/\/.*: )(\d+)( methods\.\n)/,
    (_, before: string, count: string, after: string) => `${before}${Number(count) + more}${after}`,
  );
}
