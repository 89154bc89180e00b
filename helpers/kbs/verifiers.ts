import { HarnessError } from '../errors.ts';
import { didYouMean } from '../text/nearest.ts';
import { editToml, type TomlEdit } from '../text/toml-edit.ts';
import { isTable, parseToml, type TomlTable, valueAt } from '../text/toml-read.ts';

const CRATE = 'attestation-service';

/**
 * The kbs/Cargo.toml of trustee with other verifiers in the built-in attestation service, which always has the sample verifier. The manifest
 * enables them as features of a dependency, which cargo's options cannot change: on x86_64 all-verifier, which links libraries of Intel's DCAP
 * and of TPMs. Throws a {@link HarnessError} if it names none. Source: kbs/Cargo.toml since 2025; seen at 258ea4acb7.
 */
export function withVerifiers(manifest: string, verifiers: readonly string[]): string {
  const edits = dependencyTables(parseToml(manifest)).flatMap((path): TomlEdit[] => {
    return Array.isArray(valueAt(parseToml(manifest), [...path, 'features']))
      ? [{ path: [...path, 'features'], value: verifiers }]
      : [];
  });
  if (edits.length === 0) throw new HarnessError('kbs', `kbs/Cargo.toml names no verifiers of ${CRATE}`);
  return editToml(manifest, edits);
}

/** Paths of the dependency on the attestation service, for all platforms and for single ones. */
function dependencyTables(manifest: TomlTable): [string, ...string[]][] {
  const platforms = valueAt(manifest, ['target']);
  return [
    ['dependencies', CRATE],
    ...(isTable(platforms) ? Object.keys(platforms) : []).map((platform): [string, ...string[]] => [
      'target',
      platform,
      'dependencies',
      CRATE,
    ]),
  ];
}

/** Why an attestation service that declares these features cannot be built with some verifiers; `undefined` if it can. */
export function whyUnknownVerifier(wanted: readonly string[], declared: Iterable<string>): string | undefined {
  const known = [...declared].filter((name) => name.endsWith('-verifier')).sort();
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown === undefined) return undefined;
  return `this attestation service has no ${unknown}; its Cargo.toml declares ${known.join(', ')}${didYouMean(unknown, known)}`;
}
