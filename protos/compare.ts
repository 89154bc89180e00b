import type { Field, Method, ProtoSet } from './describe.ts';

/** One difference between two sets of protos. `ours` and `theirs` (a checkout's) are declarations in .proto syntax. */
export interface Difference {
  /** Full name of the service, message or enum that differs. */
  readonly in: string;
  readonly noun: 'service' | 'message' | 'enum';
  readonly kind: 'added' | 'removed' | 'renamed' | 'changed';
  /** Name of the method, field or value that differs; absent when the whole declaration was added or removed. */
  readonly member?: string;
  readonly ours?: string;
  readonly theirs?: string;
  /** Whether a peer with the other set would misread or reject messages or calls because of this difference. */
  readonly breaks: boolean;
}

/** How members of two proto declarations with the same name are compared. */
interface Comparison<T> {
  readonly noun: Difference['noun'];
  /** The declaration of the member without its name; equal if the members are the same on the wire. */
  readonly shape: (member: T) => string;
  readonly text: (name: string, member: T) => string;
  /** The member's number on the wire; a member with this number and another name has been renamed. */
  readonly number: (member: T) => number | undefined;
  readonly changeBreaks: (ours: T, theirs: T) => boolean;
  readonly removalBreaks: boolean;
}

const METHODS: Comparison<Method> = {
  noun: 'service',
  shape: (method) => rpcText('', method),
  text: rpcText,
  number: () => undefined,
  changeBreaks: () => true,
  removalBreaks: true,
};

const FIELDS: Comparison<Field> = {
  noun: 'message',
  shape: (field) => `${fieldText('', field)} ${field.oneof ?? ''}`,
  text: (name, field) => fieldText(name, field) + (field.oneof === undefined ? '' : ` (oneof ${field.oneof})`),
  number: ({ id }) => id,
  // A change between optional and plain breaks nothing: proto3's `optional` distinguishes an absent value from zero;
  // the encoding is the same.
  changeBreaks: (ours, theirs) => FIELDS.shape(asRequired(ours)) !== FIELDS.shape(asRequired(theirs)),
  removalBreaks: false,
};

const VALUES: Comparison<number> = {
  noun: 'enum',
  shape: String,
  text: (name, value) => `${name} = ${value}`,
  number: (value) => value,
  changeBreaks: () => true,
  removalBreaks: false,
};

/**
 * Compares the services, messages and enums `names` of two sets of protos: returns what `theirs` added, removed,
 * renamed or changed compared with `ours`.
 */
export function compareProtos(ours: ProtoSet, theirs: ProtoSet, names: Iterable<string>): Difference[] {
  return [...names].flatMap((name) => [
    ...compareDeclarations(name, ours.services, theirs.services, METHODS),
    ...compareDeclarations(name, ours.messages, theirs.messages, FIELDS),
    ...compareDeclarations(name, ours.enums, theirs.enums, VALUES),
  ]);
}

/** The declaration of an RPC method. `type` renders the names of messages; by default their full names. */
export function rpcText(name: string, method: Method, type: (name: string) => string = (full) => full): string {
  const argument = (streams: boolean, message: string): string => `(${streams ? 'stream ' : ''}${type(message)})`;
  const { clientStreams, request, response, serverStreams } = method;
  return `rpc ${name}${argument(clientStreams, request)} returns ${argument(serverStreams, response)}`;
}

/** The declaration of a message's field, without its options. */
export function fieldText(name: string, { id, label, type }: Field): string {
  if (typeof label === 'object') return `map<${label.mapOf}, ${type}> ${name} = ${id}`;
  return `${label === 'one' ? '' : `${label} `}${type} ${name} = ${id}`;
}

function asRequired(field: Field): Field {
  return { ...field, label: field.label === 'optional' ? 'one' : field.label };
}

type Declarations<T> = ReadonlyMap<string, ReadonlyMap<string, T>>;

function compareDeclarations<T>(
  name: string,
  ours: Declarations<T>,
  theirs: Declarations<T>,
  comparison: Comparison<T>,
): Difference[] {
  const [mine, other] = [ours.get(name), theirs.get(name)];
  const { noun, removalBreaks } = comparison;
  if (mine === undefined && other === undefined) return [];
  if (other === undefined) return [{ in: name, noun, kind: 'removed', breaks: removalBreaks }];
  const whole: Difference[] = mine === undefined ? [{ in: name, noun, kind: 'added', breaks: false }] : [];
  return [...whole, ...compareMembers(name, mine ?? new Map(), other, comparison)];
}

function compareMembers<T>(
  name: string,
  ours: ReadonlyMap<string, T>,
  theirs: ReadonlyMap<string, T>,
  { changeBreaks, noun, number, removalBreaks, shape, text }: Comparison<T>,
): Difference[] {
  const gone = new Map([...ours].filter(([key]) => !theirs.has(key)));
  const differences = [...theirs].flatMap(([key, other]): Difference[] => {
    const theirText = text(key, other);
    const former = ours.has(key) ? key : [...gone].find(([, mine]) => isSame(number(mine), number(other)))?.[0];
    const mine = former === undefined ? undefined : ours.get(former);
    if (former === undefined || mine === undefined)
      return [{ in: name, noun, kind: 'added', member: key, theirs: theirText, breaks: false }];
    gone.delete(former);
    const alike = shape(mine) === shape(other);
    if (alike && former === key) return [];
    const kind = alike ? ('renamed' as const) : ('changed' as const);
    const breaks = !alike && changeBreaks(mine, other);
    return [{ in: name, noun, kind, member: former, ours: text(former, mine), theirs: theirText, breaks }];
  });
  const removed = [...gone].map(
    ([key, mine]): Difference => ({
      in: name,
      noun,
      kind: 'removed',
      member: key,
      ours: text(key, mine),
      breaks: removalBreaks,
    }),
  );
  return [...differences, ...removed];
}

function isSame(ours: number | undefined, theirs: number | undefined): boolean {
  return ours !== undefined && ours === theirs;
}
