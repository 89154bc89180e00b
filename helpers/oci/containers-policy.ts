/** A policy requirement of containers-policy.json(5). */
interface Requirement {
  readonly type: string;
}

/** An image policy: containers-policy.json(5). */
export interface ContainersPolicy {
  readonly default: readonly Requirement[];
  /** Requirements of an image policy by transport and scope. */
  readonly transports?: Readonly<Record<string, Readonly<Record<string, readonly Requirement[]>>>>;
}

const TYPES = ['insecureAcceptAnything', 'reject', 'signedBy', 'signedBaseLayer', 'sigstoreSigned'];
const KEY_SOURCES = ['keyPath', 'keyPaths', 'keyData'];
/** The transport of images from a registry in containers-policy.json(5). */
const TRANSPORT = 'docker';

/** Parses an image policy. Throws an error that names the invalid place and what would be valid. */
export function parseContainersPolicy(text: string): ContainersPolicy {
  const policy = object(json(text), 'the policy');
  for (const key of Object.keys(policy)) {
    if (key !== 'default' && key !== 'transports')
      throw new Error(`${key}: unknown key; a policy has only default and transports`);
  }
  if (policy['default'] === undefined)
    throw new Error('default is missing; it has the requirements of images that no scope names');
  checkRequirements(policy['default'], 'default');
  for (const [transport, scopes] of Object.entries(object(policy['transports'] ?? {}, 'transports'))) {
    for (const [scope, requirements] of Object.entries(object(scopes, `transports.${transport}`))) {
      checkRequirements(requirements, `transports.${transport}.${JSON.stringify(scope)}`);
    }
  }
  return policy as unknown as ContainersPolicy;
}

/**
 * Whether an image policy accepts an unsigned image of a registry; `reference` has the registry and a tag or a digest.
 */
export function acceptsUnsigned(policy: ContainersPolicy, reference: string): boolean {
  const scopes = policy.transports?.[TRANSPORT] ?? {};
  const scope = [...scopesOf(reference), ''].find((candidate) => Object.hasOwn(scopes, candidate));
  const requirements = (scope === undefined ? undefined : scopes[scope]) ?? policy.default;
  return requirements.every(({ type }) => type === 'insecureAcceptAnything');
}

/**
 * Scopes of an image policy that an image falls under, most specific first: the image itself, its repository, each
 * namespace, its registry, and the registry's domains.
 */
function scopesOf(reference: string): string[] {
  const repository = reference.replace(/@.*$|:[^/:]*$/, '');
  const parts = repository.split('/');
  const namespaces = parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
  const domains = (parts[0] ?? '').replace(/:\d+$/, '').split('.');
  const wildcards = domains.slice(1).map((_, index) => `*.${domains.slice(index + 1).join('.')}`);
  return [reference, ...namespaces, ...wildcards];
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`it is not JSON (${error instanceof Error ? error.message : error})`);
  }
}

function object(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${where}: expected a JSON object, see containers-policy.json(5)`);
  }
  return value as Readonly<Record<string, unknown>>;
}

function checkRequirements(value: unknown, where: string): void {
  if (!Array.isArray(value) || value.length === 0)
    throw new Error(`${where}: expected a list of at least one requirement`);
  for (const [index, item] of value.entries()) {
    const place = `${where}[${index}]`;
    const requirement = object(item, place);
    const { type } = requirement;
    if (typeof type !== 'string' || !TYPES.includes(type)) {
      throw new Error(`${place}: type ${JSON.stringify(type)} is unknown; expected one of ${TYPES.join(', ')}`);
    }
    if (type === 'signedBy') checkSignedBy(requirement, place);
  }
}

function checkSignedBy(requirement: Readonly<Record<string, unknown>>, place: string): void {
  if (requirement['keyType'] !== 'GPGKeys') {
    throw new Error(`${place}: keyType ${JSON.stringify(requirement['keyType'])} is not supported, only "GPGKeys" is`);
  }
  const sources = KEY_SOURCES.filter((source) => requirement[source] !== undefined);
  if (sources.length !== 1) throw new Error(`${place}: expected one of ${KEY_SOURCES.join(', ')}`);
}
