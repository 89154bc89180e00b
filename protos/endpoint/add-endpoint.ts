import { join, relative } from 'node:path';
import { ConfigError, HarnessError } from '../../helpers/errors.ts';
import { compareProtos, type Difference, rpcText } from '../compare.ts';
import { describeProtos, type ProtoSet } from '../describe.ts';
import { protoFilesIn } from '../find.ts';
import { readText } from '../parse.ts';
import { closureOf } from './closure.ts';
import { FileChanges } from './file-changes.ts';
import { type FoundMethod, findMethod, fullName, type OwnSets } from './find-method.ts';
import { additionsTo, whyNoMessage } from './fit.ts';
import { placesOf } from './place.ts';
import { knownNames } from './render.ts';

/** The changes of our .proto files that add an RPC method. */
export interface Addition {
  /** Full name of the method, `package.Service/Method`. */
  readonly method: string;
  /** Whether our protos lack the method; if they have it, only its messages change. */
  readonly isNew: boolean;
  /** New texts of .proto files by name, relative to the directory of the set. */
  readonly files: ReadonlyMap<string, string>;
  /** The set of protos after the changes. */
  readonly set: ProtoSet;
  /** Added messages and enums, and added fields and values of existing ones, as differences. */
  readonly added: readonly Difference[];
}

/**
 * Computes the changes that add the method `name` of `theirs` (or `Service/Name`) to the protos in `directory`: the
 * rpc, all messages and enums that it needs and we lack, and all fields and values that ours lack. Writes nothing.
 * `own` are our sets by name, for suggestions in errors. Throws {@link ConfigError}.
 */
export function addEndpoint(directory: string, theirs: ProtoSet, name: string, own: OwnSets = new Map()): Addition {
  const ours = describeProtos(directory);
  const found = findMethod(theirs, ours, name, own);
  const method = fullName(found);
  const isNew = isLacking(ours, theirs, found);
  const closure = closureOf(ours, theirs, [found.method.request, found.method.response]);
  const added = additionsTo(ours, theirs, closure.types);
  if (!isNew && added.length === 0)
    throw new ConfigError(`our protos have ${method} already, with the same messages; write a spec that calls it`);
  const read = (file: string): string | undefined => readText(join(directory, file));
  const places = placesOf(ours, theirs, { ...closure, found, exists: (file) => read(file) !== undefined });
  const changes = new FileChanges({ ours, theirs, places, found, known: knownNames(ours, theirs) });
  for (const type of closure.lacking) changes.declare(type);
  for (const type of closure.types.filter((each) => ours.declared.has(each))) {
    const members = added.filter((difference) => difference.in === type);
    if (members.length > 0) changes.extend(type, members);
  }
  if (isNew) changes.addRpc();
  const files = changes.texts(read);
  const set = describeProtos(directory, {
    files: [...new Set([...protoFilesIn(directory), ...[...files.keys()].map((file) => join(directory, file))])],
    read: (path) => files.get(relative(directory, path)) ?? readText(path),
  });
  verify(ours, theirs, set, [found.service, ...closure.types], method);
  return { method, isNew, files, set, added };
}

/**
 * Whether our protos lack an RPC method. Throws {@link ConfigError} if our declaration differs, or if our client cannot
 * call the method.
 */
function isLacking(ours: ProtoSet, theirs: ProtoSet, { method, rpc, service }: FoundMethod): boolean {
  const name = fullName({ rpc, service });
  if (method.clientStreams || method.serverStreams)
    throw new ConfigError(
      `${name} is a streaming method: ${rpcText(rpc, method)}; our ttrpc client supports unary methods only`,
    );
  for (const type of [method.request, method.response]) {
    const problem = whyNoMessage(type, theirs);
    if (problem !== undefined) throw new ConfigError(`${name} takes or returns ${problem}`);
  }
  const own = ours.services.get(service)?.get(rpc);
  if (own === undefined) return true;
  const [mine, other] = [rpcText(rpc, own), rpcText(rpc, method)];
  if (mine !== other)
    throw new ConfigError(
      `our protos have ${name} already as \`${mine}\`, the checkout as \`${other}\`; change ours by hand`,
    );
  return false;
}

/** Verifies that the changed protos have everything from the checkout, and everything that ours had before. */
function verify(ours: ProtoSet, theirs: ProtoSet, result: ProtoSet, names: readonly string[], method: string): void {
  const [service = '', ...types] = names;
  const rpc = method.slice(method.indexOf('/') + 1);
  const wrong = [
    ...compareProtos(result, theirs, types),
    ...compareProtos(ours, result, ours.declared.keys()).filter(({ kind }) => kind !== 'added'),
  ].map(({ in: name, member, ours: mine, theirs: other }) => `${name} ${member ?? ''}: ${mine} became ${other}`);
  if (!result.services.get(service)?.has(rpc)) wrong.push(`${method} is missing`);
  if (wrong.length > 0)
    throw new HarnessError(
      'endpoint',
      `the computed protos for ${method} differ from the checkout's: ${wrong.join('; ')}`,
    );
}
