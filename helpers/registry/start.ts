import { fileExists } from '../files.ts';
import { startRegistryProcess } from './process.ts';
import type { Registry, RegistryOptions } from './registry.ts';

/** Who runs a registry: Docker by testcontainers, a child process, or whichever is there. */
export type RegistryRunner = 'docker' | 'process' | 'auto';

const DOCKER_SOCKET = '/var/run/docker.sock';

/** Starts a registry. `auto` takes Docker when an engine answers, and a process otherwise. */
export async function startRegistry(options: RegistryOptions & { runner: RegistryRunner }): Promise<Registry> {
  const { runner } = options;
  // testcontainers takes its time to load and to look around; without a socket there is nothing to find.
  if (runner === 'process' || (runner === 'auto' && !(await fileExists(DOCKER_SOCKET))))
    return startRegistryProcess(options);
  const { dockerEngineAnswers, startRegistryContainer } = await import('./container.ts');
  const answers = await dockerEngineAnswers();
  if (answers === true) return startRegistryContainer(options);
  if (runner === 'docker') throw new Error(answers);
  return startRegistryProcess(options);
}
