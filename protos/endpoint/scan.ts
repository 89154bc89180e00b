/** A `{ … }` block of a .proto file: a message, enum, service or oneof, or another kind (`option`, `rpc`, `extend`). */
export interface Block {
  readonly kind: string;
  /** Full name of the declared type, `grpc.FooPart.Side`; for a oneof `grpc.FooPart.side`. */
  readonly name: string;
  /** Offset of the declaration's first character. */
  readonly start: number;
  /** Offset after the block's `{`. */
  readonly open: number;
  /** Offset of the block's `}`. */
  readonly close: number;
}

/** Offsets of the parts of a .proto file, which protobufjs does not return. */
export interface ScannedFile {
  /** Syntax of the file: `proto2`, `proto3`, or the edition. */
  readonly syntax: string;
  /** Offset after the package statement, or after the syntax statement if there is no package. */
  readonly headEnd: number;
  readonly imports: readonly { readonly path: string; readonly start: number; readonly end: number }[];
  readonly blocks: readonly Block[];
}

const TOKEN = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|[\w.]+|\s+|[\s\S]/g;
const NAMED = new Set(['message', 'enum', 'service', 'oneof']);

/**
 * Finds the declarations in the text of a .proto file that protobufjs accepts. Comments and strings may contain any
 * characters.
 */
export function scanProto(text: string): ScannedFile {
  const file = { syntax: 'proto2', headEnd: 0, imports: [] as { path: string; start: number; end: number }[] };
  const blocks: Block[] = [];
  const around: (Omit<Block, 'close'> & { readonly scope: string })[] = [];
  let scope = '';
  let words: string[] = [];
  let start = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (/^(?:\s|\/\/|\/\*)/.test(token)) continue;
    const end = index + token.length;
    if (words.length === 0) start = index;
    if (token === '{') {
      const [kind = '', word = ''] = words;
      const name = NAMED.has(kind) ? join(scope, word) : '';
      around.push({ kind, name, start, open: end, scope });
      if (name !== '') scope = name;
    } else if (token === '}') {
      const ended = around.pop();
      if (ended !== undefined) {
        const { scope: outer, ...block } = ended;
        blocks.push({ ...block, close: index });
        scope = outer;
      }
    } else if (token === ';') {
      const [keyword, ...rest] = words;
      const value = unquoted(rest.at(-1) ?? '');
      if (around.length === 0 && keyword === 'import') file.imports.push({ path: value, start, end });
      if (around.length === 0 && (keyword === 'syntax' || keyword === 'edition')) {
        file.syntax = value;
        file.headEnd = end;
      }
      if (around.length === 0 && keyword === 'package') {
        scope = rest.join('');
        file.headEnd = end;
      }
    } else {
      words.push(token);
      continue;
    }
    words = [];
  }
  return { ...file, blocks };
}

function join(scope: string, name: string): string {
  return scope === '' ? name : `${scope}.${name}`;
}

function unquoted(word: string): string {
  return word.replace(/^(["'])(.*)\1$/s, '$2');
}
