import { type Field, type ProtoSet, packageOf } from './describe.ts';

/** One difference between two sets of protos. */
export interface Difference {
  /** Full name of the service, message or enum. */
  readonly in: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly what: string;
  /** Whether a peer with the other set would misread or refuse something. */
  readonly breaks: boolean;
}

/** What `theirs` added, removed or changed against `ours`, sorted by name. */
export function diffProtos(ours: ProtoSet, theirs: ProtoSet): Difference[] {
  const differences = [
    ...compareAll(ours.services, inPackagesOf(ours, theirs.services), 'service', (method) => signature(method), true),
    ...compareAll(ours.messages, inPackagesOf(ours, theirs.messages), 'message', fieldText, false),
    ...compareAll(ours.enums, inPackagesOf(ours, theirs.enums), 'enum', (value) => ` = ${value}`, false),
  ];
  return differences.sort((a, b) => a.in.localeCompare(b.in) || a.what.localeCompare(b.what));
}

/** The differences as people read them. */
export function renderDiff(differences: readonly Difference[]): string {
  if (differences.length === 0) return 'no difference on the wire';
  const names = [...new Set(differences.map((difference) => difference.in))];
  const mark = { added: '+', removed: '-', changed: '~' };
  return names
    .map((name) =>
      [
        name,
        ...differences
          .filter((difference) => difference.in === name)
          .map(
            ({ kind, what, breaks }) => `  ${mark[kind]} ${what}${breaks ? '   breaks peers of the other side' : ''}`,
          ),
      ].join('\n'),
    )
    .join('\n');
}

/** What is in a package we know: a checkout's directory also holds interfaces of others (of the data hub, of CSI). */
function inPackagesOf<T>(ours: ProtoSet, things: Things<T>): Things<T> {
  const packages = new Set([...ours.services.keys(), ...ours.messages.keys()].map(packageOf));
  return new Map([...things].filter(([name]) => packages.has(packageOf(name))));
}

function signature({ request, response, streams }: { request: string; response: string; streams: boolean }): string {
  return `(${request}) returns (${response})${streams ? ', streaming' : ''}`;
}

function fieldText({ id, label, oneof, type }: Field): string {
  const kind = typeof label === 'object' ? `map<${label.mapOf}, ${type}>` : label === 'one' ? type : `${label} ${type}`;
  return `: ${kind} = ${id}${oneof === undefined ? '' : ` in oneof ${oneof}`}`;
}

type Things<T> = ReadonlyMap<string, ReadonlyMap<string, T>>;

function compareAll<T>(
  ours: Things<T>,
  theirs: Things<T>,
  noun: string,
  text: (thing: T) => string,
  removalBreaks: boolean,
): Difference[] {
  const names = [...new Set([...ours.keys(), ...theirs.keys()])];
  return names.flatMap((name): Difference[] => {
    const [mine, other] = [ours.get(name), theirs.get(name)];
    if (mine === undefined) {
      const all = [...(other ?? [])].map(([key, thing]) => ({
        in: name,
        kind: 'added' as const,
        what: key + text(thing),
        breaks: false,
      }));
      return [{ in: name, kind: 'added', what: `(the whole ${noun})`, breaks: false }, ...all];
    }
    if (other === undefined) return [{ in: name, kind: 'removed', what: `(the whole ${noun})`, breaks: removalBreaks }];
    return compare(name, mine, other, text, removalBreaks);
  });
}

function compare<T>(
  name: string,
  ours: ReadonlyMap<string, T>,
  theirs: ReadonlyMap<string, T>,
  text: (thing: T) => string,
  removalBreaks: boolean,
): Difference[] {
  const keys = [...new Set([...ours.keys(), ...theirs.keys()])];
  return keys.flatMap((key): Difference[] => {
    const [mine, other] = [ours.get(key), theirs.get(key)];
    if (mine === undefined && other !== undefined)
      return [{ in: name, kind: 'added', what: key + text(other), breaks: false }];
    if (other === undefined && mine !== undefined) {
      return [{ in: name, kind: 'removed', what: key + text(mine), breaks: removalBreaks }];
    }
    if (mine === undefined || other === undefined || text(mine) === text(other)) return [];
    return [
      { in: name, kind: 'changed', what: `${key}${text(other)}, was${text(mine).replace(/^:/, '')}`, breaks: true },
    ];
  });
}
