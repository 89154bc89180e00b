import { defined } from '../defined.ts';
import { readVersionsFile } from './versions-file.ts';

/** A program that Kata runs with, whose version a versions.yaml may declare. */
export type VersionedProgram =
  | 'containerd'
  | 'nydus-snapshotter'
  | 'runc'
  | 'QEMU'
  | 'Cloud Hypervisor'
  | 'guest kernel'
  | 'CNI plugins'
  | 'Kubernetes';

/** What a Kata checkout declares of a program's version: the range that its CI tests, or the version that it names. */
export interface DeclaredVersion {
  readonly minimum?: string;
  readonly latest?: string;
  readonly named?: string;
}

/** What a Kata checkout declares, by program. */
export type DeclaredVersions = Readonly<Partial<Record<VersionedProgram, DeclaredVersion>>>;

/** Where versions.yaml declares each program. Kata 3 has `lts` and `active` for the minimum and the latest. */
const ENTRIES: Readonly<Record<VersionedProgram, string>> = {
  containerd: 'externals.containerd',
  'nydus-snapshotter': 'externals.nydus-snapshotter',
  runc: 'externals.runc',
  QEMU: 'assets.hypervisor.qemu',
  'Cloud Hypervisor': 'assets.hypervisor.cloud_hypervisor',
  'guest kernel': 'assets.kernel',
  'CNI plugins': 'externals.cni-plugins',
  Kubernetes: 'externals.kubernetes',
};

/** The programs, in the order of reports. */
export const VERSIONED_PROGRAMS = Object.keys(ENTRIES) as readonly VersionedProgram[];

/** Parses the text of a versions.yaml; `of` names the Kata checkout in errors. Throws {@link HarnessError}. */
export function parseDeclaredVersions(text: string, of: string): DeclaredVersions {
  const find = readVersionsFile(text, `versions.yaml of ${of}`);
  const textAt = (path: string): readonly string[] => {
    const value = find(path);
    return typeof value === 'string' && value !== '' ? [value] : [];
  };
  const declared = Object.entries(ENTRIES).flatMap(([program, path]) => {
    const first = (...keys: readonly string[]): string | undefined =>
      keys.flatMap((key) => textAt(`${path}.${key}`))[0];
    const entry = {
      minimum: first('minimum', 'lts'),
      latest: first('latest', 'active'),
      named: first('version'),
    };
    return Object.values(entry).every((value) => value === undefined) ? [] : [[program, defined(entry)] as const];
  });
  return Object.fromEntries(declared);
}
