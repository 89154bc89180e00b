import { GenericContainer, Wait } from 'testcontainers';
import { messageOf } from '../errors.ts';
import { FAILED, type RegistryContainer } from './container.ts';

/*
 * Runs a registry in a container with testcontainers until SIGTERM; writes the registry's log to standard output. A separate
 * process, since testcontainers cannot be aborted when an engine does not answer, but a process can be killed.
 */

const A_DAY_MS = 24 * 3_600_000;

async function main({ htpasswd, image, port, storage }: RegistryContainer): Promise<void> {
  const auth =
    htpasswd === undefined
      ? {}
      : {
          REGISTRY_AUTH: 'htpasswd',
          REGISTRY_AUTH_HTPASSWD_REALM: 'kata-cc',
          REGISTRY_AUTH_HTPASSWD_PATH: '/htpasswd',
        };
  const mounts = [{ source: storage, target: '/var/lib/registry' }];
  const container = await new GenericContainer(image)
    .withNetworkMode('host')
    .withEnvironment({ REGISTRY_HTTP_ADDR: `127.0.0.1:${port}`, ...auth })
    .withBindMounts(
      htpasswd === undefined ? mounts : [...mounts, { source: htpasswd, target: '/htpasswd', mode: 'ro' }],
    )
    .withWaitStrategy(Wait.forLogMessage(/listening on 127/))
    .start();
  const log = await container.logs();
  const ended = (): never => fail(new Error('the registry ended'));
  process.once('SIGTERM', () => {
    log.off('end', ended);
    container.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  });
  log.pipe(process.stdout);
  log.once('end', ended);
  // A timer keeps the process alive; testcontainers' connections do not.
  setInterval(() => {}, A_DAY_MS);
}

function fail(error: unknown): never {
  console.error(`${FAILED}${messageOf(error)}`);
  process.exit(1);
}

main(JSON.parse(process.argv[2] ?? '{}') as RegistryContainer).catch(fail);
