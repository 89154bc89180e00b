import { FAILSAFE_SCHEMA, load, YAMLException } from 'js-yaml';
import { HarnessError } from '../errors.ts';

/** The versions of other projects' sources that a Kata checkout names in its versions.yaml. */
export interface KataVersions {
  /** `5.10.25` */
  readonly kernel: string;
  readonly qemu: Origin;
  /** guest-components, which the confidential data hub is one of; later checkouts alone name it. */
  readonly guestComponents?: Origin;
}

interface Origin {
  /** Of the repository. */
  readonly url: string;
  /** A tag or a commit of it. */
  readonly revision: string;
}

const KERNEL = 'assets.kernel.version';
const QEMU = 'assets.hypervisor.qemu';
const GUEST_COMPONENTS = 'externals.coco-guest-components';

/**
 * Reads the text of a versions.yaml; `of` names its checkout in errors.
 *
 * @throws {HarnessError} that names the file, and the entry that is missing or the place that is not YAML.
 */
export function parseVersions(text: string, of: string): KataVersions {
  const file = `versions.yaml of ${of}`;
  const document = parse(text, file);
  const find = (path: string): unknown =>
    path.split('.').reduce<unknown>((node, key) => (isMapping(node) ? node[key] : undefined), document);
  const entry = (path: string): string => {
    const value = find(path);
    if (typeof value !== 'string' || value === '') throw new HarnessError('versions', `${file} has no ${path}`);
    return value;
  };
  const origin = (path: string): Origin => ({
    url: entry(`${path}.url`).replace(/\/$/, ''),
    revision: entry(`${path}.version`),
  });
  return {
    kernel: entry(KERNEL).replace(/^v/, ''),
    qemu: origin(QEMU),
    ...(find(GUEST_COMPONENTS) === undefined ? {} : { guestComponents: origin(GUEST_COMPONENTS) }),
  };
}

/**
 * Parses YAML as the yq of upstream's scripts does: a quoted string may continue on a line without more indentation
 * (Kata 2.5), scalars are text (`5.10` is no number), and of a key that is there twice the last one counts.
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
