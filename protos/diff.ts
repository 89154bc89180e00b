import { compareProtos, type Difference } from './compare.ts';
import { type ProtoSet, packagesOf, shortName } from './describe.ts';

/**
 * Differences between two sets of protos: what `theirs` added, removed, renamed or changed on the wire compared with
 * `ours`, sorted by name.
 *
 * `buf breaking` (1.75.0) does not replace this: it reports no additions, which are what a new endpoint consists of; its
 * rules WIRE accept a removed method or service, to which a call fails, and its rules PACKAGE report a renamed field,
 * which is the same on the wire. Nor does it resolve the Go import paths of Kata 2.0. Its binary has 93 MB.
 */
export function diffProtos(ours: ProtoSet, theirs: ProtoSet): Difference[] {
  const packages = packagesToCompare(ours, theirs);
  const names = new Set([...ours.declared.keys(), ...theirs.declared.keys()]);
  const compared = [...names].filter((name) => {
    const theirPackage = theirs.declared.get(name)?.package;
    return ours.declared.has(name) || (theirPackage !== undefined && packages.has(theirPackage));
  });
  return compareProtos(ours, theirs, compared).sort(
    (a, b) => a.in.localeCompare(b.in) || (a.member ?? '').localeCompare(b.member ?? ''),
  );
}

/** Renders differences as text: `+` added, `-` removed, `~` renamed or changed. */
export function renderDiff(differences: readonly Difference[]): string {
  if (differences.length === 0) return 'no difference on the wire';
  const names = [...new Set(differences.map((difference) => difference.in))];
  return names
    .map((name) => [name, ...differences.filter((difference) => difference.in === name).map(line)].join('\n'))
    .join('\n');
}

function line({ breaks, kind, noun, ours, theirs }: Difference): string {
  const mark = { added: '+', removed: '-', renamed: '~', changed: '~' }[kind];
  const now = theirs ?? ours ?? `(the whole ${noun})`;
  const before = theirs === undefined || ours === undefined ? '' : `, was ${ours}`;
  const remark = breaks ? '   breaks peers of the other side' : kind === 'renamed' ? '   the same on the wire' : '';
  return `  ${mark} ${now}${before}${remark}`;
}

/**
 * The packages of the agent that both sets have: the protos directory of a checkout also has interfaces of other
 * components (CDH, CSI). If one of our services is missing and another package has a service of that name, the checkout
 * renamed the package.
 */
function packagesToCompare(ours: ProtoSet, theirs: ProtoSet): ReadonlySet<string> {
  const missing = new Set([...ours.services.keys()].filter((name) => !theirs.services.has(name)).map(shortName));
  const renamed = [...theirs.services.keys()].filter((name) => missing.has(shortName(name)));
  return new Set([...packagesOf(ours), ...renamed.map((name) => theirs.declared.get(name)?.package ?? '')]);
}
