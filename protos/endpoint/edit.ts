import { type Block, scanProto } from './scan.ts';

/** Lines to add to a .proto file, and the imports that they need. */
export interface Additions {
  /** Lines for the end of a block, by kind and full name of the block, such as `message grpc.Storage`. */
  readonly inBlocks: ReadonlyMap<string, readonly string[]>;
  /** Options for the start of a block, by kind and full name of the block. */
  readonly options?: ReadonlyMap<string, readonly string[]>;
  /** Declarations to append to the .proto file, each as its lines. */
  readonly declarations: readonly (readonly string[])[];
  readonly imports: readonly string[];
}

interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** The text of a .proto file with the additions; everything else, including comments, stays unchanged. */
export function withAdditions(text: string, { declarations, imports, inBlocks, options }: Additions): string {
  const { blocks, headEnd, imports: present } = scanProto(text);
  const block = (key: string): Block => {
    const found = blocks.find(({ kind, name }) => `${kind} ${name}` === key);
    if (found === undefined) throw new Error(`no ${key} in the file to change`);
    return found;
  };
  const insertions = [
    ...[...(options ?? [])].map(([key, lines]) => atStart(text, block(key), lines)),
    ...[...inBlocks].map(([key, lines]) => atEnd(text, block(key), lines)),
    ...importInsertions(imports, present, headEnd),
  ];
  const tail = declarations.map((lines) => `\n${lines.join('\n')}\n`).join('');
  return insert(text, insertions) + (tail === '' || text.endsWith('\n') ? tail : `\n${tail}`);
}

function atEnd(text: string, { close, open, start }: Block, lines: readonly string[]): Insertion {
  const body = text.slice(open, close);
  const at = open + body.trimEnd().length;
  if (body.includes('\n')) return { at, text: lines.map((line) => `\n${indentOf(text, start)}  ${line}`).join('') };
  return { at, text: ` ${lines.join(' ')}${/\s$/.test(body) ? '' : ' '}` };
}

function atStart(text: string, { close, open, start }: Block, lines: readonly string[]): Insertion {
  if (!text.slice(open, close).includes('\n')) return { at: open, text: ` ${lines.join(' ')}` };
  return { at: open, text: lines.map((line) => `\n${indentOf(text, start)}  ${line}`).join('') };
}

function indentOf(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^\s*/.exec(line)?.[0] ?? '';
}

/** Inserts each import of a .proto file before the first alphabetically greater one, else after the last. */
function importInsertions(
  wanted: readonly string[],
  present: readonly { readonly path: string; readonly start: number; readonly end: number }[],
  headEnd: number,
): Insertion[] {
  const missing = [...new Set(wanted)].filter((path) => !present.some((there) => there.path === path)).sort();
  const last = present.at(-1);
  if (last === undefined) {
    const lines = missing.map((path) => `\nimport "${path}";`).join('');
    return missing.length === 0 ? [] : [{ at: headEnd, text: `\n${lines}` }];
  }
  return missing.map((path) => {
    const next = present.find((there) => there.path > path);
    return next === undefined
      ? { at: last.end, text: `\nimport "${path}";` }
      : { at: next.start, text: `import "${path}";\n` };
  });
}

function insert(text: string, insertions: readonly Insertion[]): string {
  const places = [...new Set(insertions.map(({ at }) => at))].sort((a, b) => a - b);
  const pieces = places.map((at, index) => {
    const added = insertions.filter((insertion) => insertion.at === at).map((insertion) => insertion.text);
    return text.slice(places[index - 1] ?? 0, at) + added.join('');
  });
  return pieces.join('') + text.slice(places.at(-1) ?? 0);
}
