import { fileURLToPath } from 'node:url';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { ConfigError, messageOf } from '../helpers/errors.ts';
import type { Generation } from '../helpers/target.ts';
import { findProtoDirectory, protoFilesIn } from './find.ts';
import { PROTO_OPTIONS } from './options.ts';

/** Services by full name (`grpc.AgentService`), as `@grpc/proto-loader` describes them. */
export interface Protos {
  readonly services: ReadonlyMap<string, ServiceDefinition>;
}

/** The agent's protos, and which generation of the agent they belong to. */
export interface AgentProtos extends Protos {
  readonly generation: Generation;
}

const OURS = { skopeo: 'skopeo', 'image-rs': 'skopeo', 'guest-pull': 'main' } as const satisfies Record<
  Generation,
  string
>;

/**
 * Loads the agent's protos: ours for `generation`, or, when `directory` is given (`KATA_PROTOS`), those of that Kata
 * checkout; whatever service or method they declare can then be called. Throws {@link ConfigError}.
 */
export function loadAgentProtos(options: { generation: Generation; directory?: string | undefined }): AgentProtos {
  const { directory, generation } = options;
  if (directory === undefined) return { generation, services: load(ownDirectory(OURS[generation])) };
  const services = load(findProtoDirectory(directory));
  return { services, generation: generationOf(services) };
}

/**
 * Whether a method, by its full name, is one of the agent's own. A checkout's protos declare others beside them: what the
 * agent asks the confidential data hub (`api.ImagePullService/PullImage`), how Kata speaks to a remote hypervisor.
 */
export function isOfAgent(method: string): boolean {
  return method.startsWith('grpc.');
}

/** Loads what the suites use of a containerd shim's API, and the fork's `containerd.task.v2.Image`. */
export function loadShimProtos(): Protos {
  return { services: load(ownDirectory('shim')) };
}

/** Loads what the suites use of Kubernetes' container runtime interface. */
export function loadCriProtos(): Protos {
  return { services: load(ownDirectory('cri')) };
}

/** An agent with `grpc.Image` pulls by skopeo or image-rs (the protos do not tell which); one without leaves it to CDH. */
function generationOf(services: Protos['services']): Generation {
  return services.has('grpc.Image') ? 'skopeo' : 'guest-pull';
}

function ownDirectory(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

function load(directory: string): Map<string, ServiceDefinition> {
  let packages: PackageDefinition;
  try {
    packages = loadSync(protoFilesIn(directory), { ...PROTO_OPTIONS, includeDirs: [directory] });
  } catch (cause) {
    throw new ConfigError(`cannot load the protos in ${directory}: ${messageOf(cause)}`, { cause });
  }
  const services = new Map<string, ServiceDefinition>();
  for (const [name, definition] of Object.entries(packages)) {
    // Messages and enums carry a `format`; what does not is a service.
    if (!('format' in definition)) services.set(name, definition as ServiceDefinition);
  }
  return services;
}
