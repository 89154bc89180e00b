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

/** The changes that add an endpoint to our protos. */
export interface Addition {
  /** `package.Service/Method`. */
  readonly method: string;
  /** Whether our protos lack the method; if not, only its messages change. */
  readonly isNew: boolean;
  /** New texts by file name, relative to the set's directory. */
  readonly files: ReadonlyMap<string, string>;
  /** The resulting set. */
  readonly set: ProtoSet;
  /** Added messages and enums, and added fields and values of existing ones. */
  readonly added: readonly Difference[];
}

/**
 * Computes the changes that add the method `name` of `theirs` (or `Service/Name`) to the protos in `directory`: the rpc, all
 * messages and enums it needs that we lack, and all fields and values that ours lack. Writes nothing. `own` are our sets by
 * name, for suggestions in errors. Throws {@link ConfigError}.
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

/** Whether our protos lack a method. Throws {@link ConfigError} if our declaration differs, or if our client cannot call it. */
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

/** Verifies that the result has everything from the checkout, and everything we had before. */
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
