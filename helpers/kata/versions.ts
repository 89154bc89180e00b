import { parse } from 'yaml';
import { HarnessError } from '../errors.ts';

/** The versions of other projects' sources that a Kata checkout names in its versions.yaml. */
export interface KataVersions {
  /** `5.10.25` */
  readonly kernel: string;
  readonly qemu: {
    /** Of the repository. */
    readonly url: string;
    /** A tag or a commit of it. */
    readonly revision: string;
  };
}

const KERNEL = 'assets.kernel.version';
const QEMU = 'assets.hypervisor.qemu';

/** Reads the text of a versions.yaml. Throws an error that names the entry that is missing. */
export function parseVersions(text: string): KataVersions {
  const document: unknown = parse(text);
  const entry = (path: string): string => {
    const value = path.split('.').reduce<unknown>((node, key) => (isMapping(node) ? node[key] : undefined), document);
    if (typeof value !== 'string') throw new HarnessError('versions', `versions.yaml has no ${path}`);
    return value;
  };
  return {
    kernel: entry(KERNEL).replace(/^v/, ''),
    qemu: { url: entry(`${QEMU}.url`), revision: entry(`${QEMU}.version`) },
  };
}

function isMapping(node: unknown): node is Readonly<Record<string, unknown>> {
  return typeof node === 'object' && node !== null;
}
