import { fileURLToPath } from 'node:url';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import type { Generation } from '../helpers/contract/target.ts';
import { ConfigError, messageOf } from '../helpers/errors.ts';
import { findProtoDirectory, protoFilesIn } from './find.ts';
import { PROTO_OPTIONS } from './options.ts';

/** Services by full name (`grpc.AgentService`), in the format of `@grpc/proto-loader`. */
export interface Protos {
  readonly services: ReadonlyMap<string, ServiceDefinition>;
}

/** The agent's protos, and the generation of the agent that they belong to. */
export interface AgentProtos extends Protos {
  readonly generation: Generation;
}

const OURS = { skopeo: 'skopeo', 'image-rs': 'skopeo', 'guest-pull': 'main' } as const satisfies Record<
  Generation,
  string
>;

/**
 * Loads the agent's protos: ours for `generation`, or, with `directory` (`KATA_PROTOS`), those of a Kata checkout, whose
 * services and methods can then all be called. Throws {@link ConfigError}.
 */
export function loadAgentProtos(options: { generation: Generation; directory?: string | undefined }): AgentProtos {
  const services = load(agentProtoDirectory(options));
  return { services, generation: options.directory === undefined ? options.generation : generationOf(services) };
}

/** The directory from which {@link loadAgentProtos} loads the agent's protos. Throws {@link ConfigError}. */
export function agentProtoDirectory({
  directory,
  generation,
}: {
  generation: Generation;
  directory?: string | undefined;
}): string {
  return directory === undefined ? ownDirectory(OURS[generation]) : findProtoDirectory(directory);
}

/**
 * Whether an RPC method, by its full name, belongs to the agent. A checkout's protos also declare other interfaces: the
 * CDH's (`api.ImagePullService/PullImage`), and the remote hypervisor's.
 */
export function isOfAgent(method: string): boolean {
  return method.startsWith('grpc.');
}

/** Whether specs prove the effect of an RPC method, by its full name: those of the agent, and of the shim's Task service. */
export function isUnderTest(method: string): boolean {
  return isOfAgent(method) || method.startsWith('containerd.task.v2.Task/');
}

/** Loads containerd's shim API, and the fork's `containerd.task.v2.Image`. */
export function loadShimProtos(): Protos {
  return { services: load(shimProtoDirectory()) };
}

/** The directory from which {@link loadShimProtos} loads the shim's protos. */
export function shimProtoDirectory(): string {
  return ownDirectory('shim');
}

/** Loads the part of the Kubernetes CRI (Container Runtime Interface) that the suites use. */
export function loadCriProtos(): Protos {
  return { services: load(ownDirectory('cri')) };
}

/** Loads the part of the CDH's API that the suites use. */
export function loadCdhProtos(): Protos {
  return { services: load(ownDirectory('cdh')) };
}

/**
 * The generation of an agent with these services: an agent with `grpc.Image` pulls with skopeo or image-rs (the protos
 * are the same); one without delegates to the CDH.
 */
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
    // Only services are kept: messages and enums have a `format`, services do not.
    if (!('format' in definition)) services.set(name, definition as ServiceDefinition);
  }
  return services;
}
