import protobuf from 'protobufjs';
import type { Field, ProtoSet } from '../../protos/describe.ts';
import { isOfAgent } from '../../protos/load.ts';
import { methodsUnderTest } from '../../protos/under-test.ts';
import type { Mute, PathStep } from '../contract/mute.ts';
import { ConfigError } from '../errors.ts';
import { didYouMean } from '../text/nearest.ts';

/**
 * Resolves the user's `KATA_MUTE`: `PauseContainer`, `AgentService/PauseContainer`, the method's full name, or one of
 * these with the path to a field, `CreateContainer.OCI.Process.User.UID`. Throws {@link ConfigError} with the nearest
 * names.
 */
export function resolveMute(text: string, protos: ProtoSet): Mute {
  const slash = text.indexOf('/') + 1;
  const [own = '', ...path] = text.slice(slash).split('.');
  const methods = methodsUnderTest(protos);
  const method = findMethod(text.slice(0, slash) + own, [...methods.keys()]);
  if (path.length === 0) return { name: method, method };
  const found = findPath(methods.get(method) ?? '', path, protos);
  return {
    name: [method, ...found.map(({ spelled }) => spelled)].join('.'),
    method,
    path: found.map(({ step }) => step),
  };
}

/** The full name of a method, by its own name or the end of its full name. Throws {@link ConfigError}. */
export function findMethod(name: string, methods: readonly string[]): string {
  const found = methods.filter(
    (method) => method === name || (/[./]/.test(method.at(-name.length - 1) ?? '') && method.endsWith(name)),
  );
  const [only, ...others] = found;
  if (only === undefined) {
    const inStyle = methods.map((method) =>
      name.includes('/') ? method.slice(method.lastIndexOf('.', method.indexOf('/')) + 1) : ownName(method),
    );
    throw new ConfigError(
      `${methods.every(isOfAgent) ? 'the agent has' : 'agent and shim have'} no RPC method ${quoted(name)}${didYouMean(name, inStyle) || `; ${methods.every(isOfAgent) ? 'it has' : 'they have'} ${inStyle.join(', ')}`}`,
    );
  }
  if (others.length > 0) throw new ConfigError(`several services have ${name}; name one of ${found.join(', ')}`);
  return only;
}

/** A name for messages; an empty one in quotes. */
function quoted(name: string): string {
  return name || '""';
}

function ownName(method: string): string {
  return method.slice(method.indexOf('/') + 1);
}

interface Found {
  /** Name of the field in the spelling of the protos. */
  readonly spelled: string;
  readonly step: PathStep;
}

function findPath(message: string, [name = '', ...rest]: readonly string[], protos: ProtoSet): readonly Found[] {
  const fields = protos.messages.get(message);
  if (fields === undefined) throw new ConfigError(`${message} has no fields, so there is no ${quoted(name)} in it`);
  const [spelled, field] = [...fields].find(([known]) => known === name || camelCase(known) === name) ?? [];
  if (spelled === undefined || field === undefined) return [findOneof(message, name, rest, fields)];
  const step = { names: [camelCase(spelled)], ...(typeof field.label === 'object' ? ({ map: true } as const) : {}) };
  return [{ spelled, step }, ...(rest.length === 0 ? [] : findPath(field.type, rest, protos))];
}

function findOneof(message: string, name: string, rest: readonly string[], fields: ReadonlyMap<string, Field>): Found {
  const members = [...fields].filter(([, { oneof }]) => oneof === name).map(([member]) => member);
  const known = [...fields.keys()];
  if (members.length === 0) {
    const all = known.length === 0 ? '; it has none' : `; it has ${known.join(', ')}`;
    throw new ConfigError(`${message} has no field ${quoted(name)}${didYouMean(name, known) || all}`);
  }
  if (rest.length > 0)
    throw new ConfigError(`${name} of ${message} is a oneof; name one of ${members.join(', ')} instead`);
  return { spelled: name, step: { names: members.map(camelCase) } };
}

/** The name that @grpc/proto-loader gives to a proto field. */
function camelCase(name: string): string {
  return protobuf.util.camelCase(name);
}
