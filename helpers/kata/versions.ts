import { HarnessError } from '../errors.ts';
import { readVersionsFile } from './versions-file.ts';

/** Versions of other projects that a Kata checkout pins in its versions.yaml. */
export interface KataVersions {
  /** Version of the guest kernel, such as `5.10.25`. */
  readonly kernel: string;
  readonly qemu: Origin;
  /** Repository and revision of Cloud Hypervisor; absent in a checkout that does not name them. */
  readonly cloudHypervisor?: Origin;
  /** Repository and revision of guest-components, which include the CDH; only later checkouts have this entry. */
  readonly guestComponents?: Origin;
  /** Repository and revision of trustee, which includes the KBS; only later checkouts have this entry. */
  readonly trustee?: Origin;
}

/** Where a project's source comes from. */
export interface Origin {
  /** URL of the project's repository. */
  readonly url: string;
  /** The pinned tag or commit. */
  readonly revision: string;
}

const KERNEL = 'assets.kernel.version';
const QEMU = 'assets.hypervisor.qemu';
const CLOUD_HYPERVISOR = 'assets.hypervisor.cloud_hypervisor';
const GUEST_COMPONENTS = 'externals.coco-guest-components';
const TRUSTEE = 'externals.coco-trustee';

/**
 * Parses the text of a versions.yaml; `of` names the Kata checkout in errors.
 *
 * @throws {HarnessError} that names the file and the missing entry, or line and column of invalid YAML.
 */
export function parseVersions(text: string, of: string): KataVersions {
  const file = `versions.yaml of ${of}`;
  const find = readVersionsFile(text, file);
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
    ...(find(CLOUD_HYPERVISOR) === undefined ? {} : { cloudHypervisor: origin(CLOUD_HYPERVISOR) }),
    ...(find(GUEST_COMPONENTS) === undefined ? {} : { guestComponents: origin(GUEST_COMPONENTS) }),
    ...(find(TRUSTEE) === undefined ? {} : { trustee: origin(TRUSTEE) }),
  };
}
