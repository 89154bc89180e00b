import { parse } from 'yaml';
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

/** Reads the text of a versions.yaml. Throws an error that names the entry that is missing. */
export function parseVersions(text: string): KataVersions {
  const document: unknown = parse(text);
  const find = (path: string): unknown =>
    path.split('.').reduce<unknown>((node, key) => (isMapping(node) ? node[key] : undefined), document);
  const entry = (path: string): string => {
    const value = find(path);
    if (typeof value !== 'string') throw new HarnessError('versions', `versions.yaml has no ${path}`);
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

function isMapping(node: unknown): node is Readonly<Record<string, unknown>> {
  return typeof node === 'object' && node !== null;
}
