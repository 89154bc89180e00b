import { ConfigError } from '../../helpers/errors.ts';
import { nearest } from '../../helpers/text/nearest.ts';
import { type Method, type ProtoSet, packagesOf, shortName } from '../describe.ts';

/** An RPC method of the checkout's protos. */
export interface FoundMethod {
  readonly service: string;
  readonly rpc: string;
  readonly method: Method;
}

/** Our sets of protos by name. */
export type OwnSets = ReadonlyMap<string, ProtoSet>;

/**
 * Finds the RPC method `name` (or `Service/Name`, or `package.Service/Name`) in the checkout's protos, in packages that
 * `ours` has: the checkout's directory also has interfaces of other components. Throws {@link ConfigError}.
 */
export function findMethod(theirs: ProtoSet, ours: ProtoSet, name: string, own: OwnSets): FoundMethod {
  const all = methodsOf(theirs);
  const found = all.filter((method) => isCalled(method, name));
  const packages = packagesOf(ours);
  const agents = found.filter(({ service }) => packages.has(theirs.declared.get(service)?.package ?? ''));
  const [only, ...others] = agents;
  if (others.length > 0) {
    throw new ConfigError(`several services have a method ${name}; name one of ${agents.map(fullName).join(', ')}`);
  }
  if (only !== undefined) return only;
  throw new ConfigError(found.length > 0 ? whyForeign(found, ours, theirs) : whyUnknown(name, all, own));
}

/** The full name of an RPC method, as on the wire. */
export function fullName({ rpc, service }: { readonly rpc: string; readonly service: string }): string {
  return `${service}/${rpc}`;
}

function methodsOf(set: ProtoSet): FoundMethod[] {
  return [...set.services].flatMap(([service, methods]) =>
    [...methods].map(([rpc, method]) => ({ service, rpc, method })),
  );
}

function isCalled({ rpc, service }: FoundMethod, name: string): boolean {
  const slash = name.lastIndexOf('/');
  if (name.slice(slash + 1) !== rpc) return false;
  return slash < 0 || [service, shortName(service)].includes(name.slice(0, slash).replace(/^\//, ''));
}

function whyForeign(found: readonly FoundMethod[], ours: ProtoSet, theirs: ProtoSet): string {
  const [first] = found;
  const service = first?.service ?? '';
  const scope = theirs.declared.get(service)?.package ?? '';
  const own = [...ours.services.keys()].find((name) => shortName(name) === shortName(service));
  const names = found.map(fullName).join(', ');
  if (own !== undefined && !theirs.services.has(own)) {
    return `the checkout has ${names}, our protos have the service as ${own}: its package was renamed, so all our calls fail; rename the package in our protos first`;
  }
  const known = [...packagesOf(ours)].sort().join(', ');
  return `${names} is not a method of the agent: package ${scope === '' ? '(none)' : scope} is not one of ${known}`;
}

function whyUnknown(name: string, all: readonly FoundMethod[], own: OwnSets): string {
  const elsewhere = [...own].find(([, set]) => methodsOf(set).some((method) => isCalled(method, name)));
  if (elsewhere !== undefined)
    return `the checkout declares no method ${name}; protos/${elsewhere[0]} has it already, so write a spec that calls it`;
  const letters = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const wanted = letters(name.slice(name.lastIndexOf('/') + 1));
  const close = nearest(wanted, [...new Set(all.map(({ rpc }) => letters(rpc)))]);
  const guesses = all.filter(({ rpc }) => letters(rpc) === close).map(fullName);
  const guess =
    guesses.length === 0
      ? '; pnpm kata protos diff lists the methods it adds'
      : `; did you mean ${guesses.join(' or ')}?`;
  return `the checkout declares no method ${name}${guess}`;
}
