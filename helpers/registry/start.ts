import { HarnessError } from '../errors.ts';
import type { EngineOptions } from './container.ts';
import { DockerUnusable, engineAddress, mayHaveEngine } from './engine.ts';
import { startRegistryProcess } from './process.ts';
import type { Registry, RegistryOptions } from './registry.ts';

/** Who runs a registry: Docker by testcontainers, a child process, or whichever is there. */
export type RegistryRunner = 'docker' | 'process' | 'auto';

/** A registry, and why it is not in Docker where an engine seemed to be there. */
export type StartedRegistry = Registry & { readonly notInDocker?: string };

/** Engines that could not run a registry for this process, each with the reason: the next registry does not wait for it again. */
const unusable = new Map<string, string>();

/**
 * Starts a registry. `auto` takes Docker when there is an engine and it can run one, and a process otherwise. `docker` rejects
 * with the reason and the remedy when it cannot.
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
  if (/does not run/.test(reason)) return 'have the image with `docker pull registry:2` or `docker load`';
  return 'start Docker, or set DOCKER_HOST to an engine that answers';
}
