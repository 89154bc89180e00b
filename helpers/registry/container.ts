import { GenericContainer, getContainerRuntimeClient, type StartedTestContainer, Wait } from 'testcontainers';
import { messageOf } from '../errors.ts';
import { listeningAddress, REGISTRY_START_TIMEOUT_MS, type Registry, type RegistryOptions } from './registry.ts';

/** Distribution's own image. Whoever has no way to a public registry has it loaded in the engine. */
const IMAGE = 'registry:2';

/** `true`, or why no Docker engine can be used. */
export async function dockerEngineAnswers(): Promise<true | string> {
  try {
    await getContainerRuntimeClient();
    return true;
  } catch (error) {
    return `no Docker engine answers: ${messageOf(error)}`;
  }
}

/**
 * A registry in a container, by testcontainers. It uses the host's network and listens on loopback, so the address
 * means the same as for the process; published ports would need a bridge.
 */
export async function startRegistryContainer(options: RegistryOptions & { image?: string }): Promise<Registry> {
  const { htpasswd, image = IMAGE, storage, timeoutMs = REGISTRY_START_TIMEOUT_MS } = options;
  const auth =
    htpasswd === undefined
      ? {}
      : {
          REGISTRY_AUTH: 'htpasswd',
          REGISTRY_AUTH_HTPASSWD_REALM: 'kata-cc',
          REGISTRY_AUTH_HTPASSWD_PATH: '/htpasswd',
        };
  const mounts = [{ source: storage, target: '/var/lib/registry' }];
  const container: StartedTestContainer = await new GenericContainer(image)
    .withNetworkMode('host')
    .withEnvironment({ REGISTRY_HTTP_ADDR: `127.0.0.1:${options.port ?? 0}`, ...auth })
    .withBindMounts(
      htpasswd === undefined ? mounts : [...mounts, { source: htpasswd, target: '/htpasswd', mode: 'ro' }],
    )
    .withWaitStrategy(Wait.forLogMessage(/listening on 127/))
    .withStartupTimeout(timeoutMs)
    .start();
  const log = async (): Promise<string> => {
    const lines: string[] = [];
    const stream = await container.logs({ tail: 1_000 });
    for await (const chunk of stream) {
      lines.push(String(chunk));
      if (listeningAddress(lines.join(''))) break;
    }
    return lines.join('');
  };
  return {
    address: listeningAddress(await log()) ?? '',
    log,
    async [Symbol.asyncDispose]() {
      await container.stop();
    },
  };
}
