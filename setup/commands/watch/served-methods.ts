import { firstTestLine, type RustFunction, rustFunctions } from './rust-functions.ts';
import { methodsOfPath } from './source-files.ts';

/** A changed file of the agent's source. Lines are counted from 1. */
export interface ChangedFile {
  /** Path in the repository. */
  readonly path: string;
  /** The file's text and changed lines, before and after; no side for a file that is not a readable text there. */
  readonly sides: readonly ChangedSide[];
}

/** One side of a change: a file, and the lines that were removed from it or added to it. */
export interface ChangedSide {
  readonly text: string;
  readonly lines: readonly number[];
}

/** What a changed file serves: methods by full name, or `undefined` if that is not known. */
export type Served = readonly string[] | undefined;

/**
 * The methods that changed lines take part in. In a file that implements services of the agent, these are the methods whose functions have
 * changed, or mention a changed function of the same file, directly or through others. For other files, a table has the methods.
 * `declared` has all methods by full name: `grpc.AgentService/CreateContainer`.
 */
export function servedMethods({ path, sides }: ChangedFile, declared: readonly string[]): Served {
  const found = sides.map((side) => methodsOfLines(side, declared));
  if (found.length > 0 && found.every((methods) => methods !== 'no service')) {
    const known = found.filter((methods) => methods !== undefined);
    return known.length < found.length ? undefined : [...new Set(known.flat())].sort();
  }
  const names = methodsOfPath(path);
  return names && declared.filter((method) => names.includes(simpleName(method)));
}

/** Name of a method without its service. */
export function simpleName(method: string): string {
  return method.slice(method.lastIndexOf('/') + 1);
}

function methodsOfLines({ lines, text }: ChangedSide, declared: readonly string[]): Served | 'no service' {
  const functions = rustFunctions(text);
  const served = new Map(
    functions.flatMap((one) => {
      const method = methodOf(one, declared);
      return method === undefined ? [] : [[one, method] as const];
    }),
  );
  if (served.size === 0) return 'no service';
  const all = text.split('\n');
  const tests = firstTestLine(text);
  const methods = new Set<string>();
  for (const line of lines) {
    // Tests, comments and empty lines have no effect.
    if (line >= tests || /^\s*(?:\/\/.*)?$/.test(all[line - 1] ?? '')) continue;
    const changed = functions.find(({ from, to }) => from <= line && line <= to);
    // What is outside functions (types, constants, imports) can concern every method, and other files use public functions.
    if (changed === undefined || changed.isPublic) return undefined;
    const reached = [...callersOf(changed, functions, served)].flatMap((one) => served.get(one) ?? []);
    if (reached.length === 0) return undefined;
    for (const method of reached) methods.add(method);
  }
  return [...methods];
}

/** The method that a function implements: one of a trait with the name of a service, in Rust's spelling of names. */
function methodOf({ isTest, name, trait }: RustFunction, declared: readonly string[]): string | undefined {
  if (trait === undefined || isTest) return undefined;
  const plain = name.replaceAll('_', '').toLowerCase();
  return declared.find((method) => {
    const [service = '', simple = ''] = method.split('/');
    return service.endsWith(`.${trait}`) && simple.toLowerCase() === plain;
  });
}

/** A function and those that call it, directly or through others. Methods of a service have no callers in their file. */
function callersOf(
  changed: RustFunction,
  functions: readonly RustFunction[],
  served: ReadonlyMap<RustFunction, string>,
): ReadonlySet<RustFunction> {
  const reached = new Set([changed]);
  for (const one of reached) {
    if (served.has(one)) continue;
    const call = new RegExp(`(?<!fn )\\b${one.name}\\b`);
    for (const other of functions) if (!other.isTest && call.test(other.text)) reached.add(other);
  }
  return reached;
}
