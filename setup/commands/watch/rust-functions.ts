/** A function of a Rust file that rustfmt has formatted, by its lines, counted from 1. */
export interface RustFunction {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** The trait that the surrounding `impl` implements: `AgentService`. */
  readonly trait?: string;
  /** Whether other files can use the function. */
  readonly isPublic: boolean;
  /** Whether the function belongs to the file's tests. */
  readonly isTest: boolean;
  readonly text: string;
}

const FUNCTION =
  /^(\s*)(pub(?:\([^)]*\))? )?(?:default )?(?:const )?(?:async )?(?:unsafe )?(?:extern "[^"]*" )?fn (\w+)/;
const IMPL = /^impl\b.*?(\w+)(?:<[^>]*>)? for /;
const TESTS = /^(?:pub )?mod tests? \{/;

/**
 * The functions of a Rust file that are not inside another function. It relies on rustfmt, which Kata's sources pass: the closing brace of
 * a block is alone on a line with the block's indentation.
 */
export function rustFunctions(source: string): readonly RustFunction[] {
  const lines = source.split('\n');
  const functions: RustFunction[] = [];
  let trait: string | undefined;
  let inTests = false;
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (/^\S/.test(line)) {
      if (line.startsWith('impl')) trait = IMPL.exec(headOf(lines, index))?.[1];
      else if (line.startsWith('}')) trait = undefined;
      if (TESTS.test(line)) inTests = true;
      else if (line === '}') inTests = false;
    }
    const [, indent, visibility, name] = FUNCTION.exec(line) ?? [];
    if (indent === undefined || name === undefined) continue;
    const from = withAttributes(lines, index);
    const end = endOf(lines, index, indent);
    functions.push({
      ...{ name, from: from + 1, to: end + 1, isPublic: visibility !== undefined, isTest: inTests },
      ...(trait === undefined || indent === '' ? {} : { trait }),
      text: lines.slice(index, end + 1).join('\n'),
    });
    index = end;
  }
  return functions;
}

/** Number of the first line of a file's tests, which are its end; infinite without tests. */
export function firstTestLine(source: string): number {
  const lines = source.split('\n');
  const index = lines.findIndex((line) => TESTS.test(line));
  return index < 0 ? Number.POSITIVE_INFINITY : withAttributes(lines, index) + 1;
}

/** The head of a block, which may have several lines, up to its brace. */
function headOf(lines: readonly string[], from: number): string {
  const head = lines.slice(from, from + 10).join(' ');
  return head.split('{', 1)[0] ?? '';
}

/** Index of the first line of the attributes and comments directly above a function. */
function withAttributes(lines: readonly string[], index: number): number {
  let first = index;
  while (/^\s*(?:#\[|\/\/)/.test(lines[first - 1] ?? '')) first -= 1;
  return first;
}

/** Index of the last line of a function: its closing brace, or the semicolon of a declaration without a body. */
function endOf(lines: readonly string[], start: number, indent: string): number {
  for (let index = start; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (line === `${indent}}` || (index === start && /[;}]\s*$/.test(line))) return index;
    if (line === `${indent});` || (index > start && new RegExp(`^${indent}\\) .*;$`).test(line))) return index;
  }
  return lines.length - 1;
}
