import { basename } from 'node:path';
import { type ProtoSet, shortName } from '../describe.ts';
import { type Closure, usedBy } from './closure.ts';
import type { FoundMethod } from './find-method.ts';
import { kebabCase } from './kebab-case.ts';

/** The .proto file for each new type or service, relative to the set's directory. */
export type TypeFiles = ReadonlyMap<string, string>;

/** The types and the method for which to choose a .proto file; `exists` returns whether our set has a file. */
export interface PlacementInput extends Closure {
  readonly found: FoundMethod;
  readonly exists: (file: string) => boolean;
}

/**
 * Chooses the .proto file for each type that our protos lack. A type to which a message of ours refers goes into that
 * message's file; the other types go into new files, one for each file of the checkout. This avoids circular imports.
 */
export function placesOf(
  ours: ProtoSet,
  theirs: ProtoSet,
  { exists, found, lacking, types }: PlacementInput,
): TypeFiles {
  const places = new Map<string, string>();
  const scopeOf = (type: string): string | undefined => theirs.declared.get(type)?.package;
  const putUsed = (type: string, file: string): void => {
    for (const used of usedBy(type, theirs)) put(outermostLacking(used), file, scopeOf(type));
  };
  const outermostLacking = (type: string): string | undefined => {
    const outer = theirs.declared.get(type)?.outer;
    return lacking.includes(type) || outer === undefined ? type : outermostLacking(outer);
  };
  const put = (type: string | undefined, file: string, scope: string | undefined): void => {
    if (type === undefined || places.has(type) || !lacking.includes(type) || scopeOf(type) !== scope) return;
    places.set(type, file);
    putUsed(type, file);
  };
  for (const type of types) {
    const own = ours.declared.get(type) ?? ours.declared.get(theirs.declared.get(type)?.outer ?? '');
    if (own === undefined) continue;
    if (lacking.includes(type)) places.set(type, own.file);
    putUsed(type, own.file);
  }
  const free = freeName(exists);
  const method = kebabCase(found.rpc);
  const newFiles = new Map<string, string>();
  for (const type of lacking.filter((each) => !places.has(each))) {
    const file = theirs.declared.get(type)?.file ?? '';
    const place =
      newFiles.get(file) ?? free(newFiles.size === 0 ? method : `${method}-${kebabCase(basename(file, '.proto'))}`);
    newFiles.set(file, place);
    places.set(type, place);
  }
  const declaring = ours.declared.get(found.service)?.file;
  places.set(found.service, declaring ?? free(kebabCase(shortName(found.service))));
  return places;
}

/** Returns a function that chooses names of files that neither exist nor were chosen before. */
function freeName(exists: (file: string) => boolean): (stem: string) => string {
  const given = new Set<string>();
  return (stem) => {
    let name = `${stem}.proto`;
    for (let n = 2; exists(name) || given.has(name); n += 1) name = `${stem}-${n}.proto`;
    given.add(name);
    return name;
  };
}
