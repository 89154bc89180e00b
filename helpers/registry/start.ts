import { HarnessError } from '../errors.ts';
import type { EngineOptions } from './container.ts';
import { DockerUnusable, engineAddress, mayHaveEngine } from './engine.ts';
import { startRegistryProcess } from './process.ts';
import type { Registry, RegistryOptions } from './registry.ts';

/** How to run a registry: in Docker with testcontainers, as a child process, or in Docker if available. */
export type RegistryRunner = 'docker' | 'process' | 'auto';

/** A started registry, and the reason why it does not run in Docker although there seemed to be an engine. */
export type StartedRegistry = Registry & { readonly notInDocker?: string };

/**
 * Docker engines that failed to run a registry, with the reason, so that the next registry does not wait for them
 * again.
 */
const unusable = new Map<string, string>();

/**
 * Starts a registry. `auto` uses Docker if there is an engine that can run a registry, else a process. `docker` rejects
 * with reason and remedy if Docker cannot run it.
 */
export async function startRegistry(
  options: RegistryOptions & EngineOptions & { readonly runner: RegistryRunner },
): Promise<StartedRegistry> {
  const { engine, runner } = options;
  if (runner === 'process' || (runner === 'auto' && !(await mayHaveEngine(engine))))
    return startRegistryProcess(options);
  const address = engineAddress(engine);
  const known = runner === 'auto' ? unusable.get(address) : undefined;
  if (known !== undefined) return asProcess(options, known);
  try {
    const { startRegistryContainer } = await import('./container.ts');
    return await startRegistryContainer(options);
  } catch (error) {
    if (!(error instanceof DockerUnusable)) throw error;
    if (runner === 'docker') {
      const problem = `KATA_REGISTRY=docker: ${error.message}; ${remedyOf(error.message)}, or set KATA_REGISTRY=process`;
      throw new HarnessError('registry', problem, { cause: error });
    }
    unusable.set(address, error.message);
    return asProcess(options, error.message);
  }
}

async function asProcess(options: RegistryOptions, notInDocker: string): Promise<StartedRegistry> {
  return { ...(await startRegistryProcess(options)), notInDocker };
}

function remedyOf(reason: string): string {
  if (/toomanyrequests|rate limit/i.test(reason))
    return 'log in with `docker login`, or load the image with `docker load`';
  if (/does not run/.test(reason)) return 'get the image with `docker pull registry:2` or `docker load`';
  return 'start Docker, or set DOCKER_HOST to an engine that answers';
}
