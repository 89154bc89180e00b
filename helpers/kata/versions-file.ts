import { FAILSAFE_SCHEMA, load, YAMLException } from 'js-yaml';
import { HarnessError } from '../errors.ts';

/** Finds an entry of a versions.yaml by its path, such as `assets.kernel.version`; `undefined` if it has none. */
export type FindEntry = (path: string) => unknown;

/**
 * Parses the text of a versions.yaml; `file` names it in errors.
 *
 * @throws {HarnessError} that names the file, and line and column of invalid YAML.
 */
export function readVersionsFile(text: string, file: string): FindEntry {
  const document = parse(text, file);
  return (path) => path.split('.').reduce<unknown>((node, key) => (isMapping(node) ? node[key] : undefined), document);
}

/**
 * Parses YAML as the yq of upstream's scripts does: a quoted string may continue on a line without more indentation
 * (Kata 2.5), scalars are text (`5.10` is not a number), and the last value of a duplicate key counts.
 */
function parse(text: string, file: string): unknown {
  try {
    return load(text, { filename: file, schema: FAILSAFE_SCHEMA, json: true });
  } catch (cause) {
    if (!(cause instanceof YAMLException)) throw cause;
    const { line = 0, column = 0 } = cause.mark ?? {};
    const place = `line ${line + 1}, column ${column + 1}`;
    throw new HarnessError('versions', `${file} is not valid YAML at ${place}: ${cause.reason}`, { cause });
  }
}

function isMapping(node: unknown): node is Readonly<Record<string, unknown>> {
  return typeof node === 'object' && node !== null;
}
