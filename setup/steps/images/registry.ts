import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RegistryEndpoint } from '../../../helpers/contract/target.ts';
import { defined } from '../../../helpers/defined.ts';
import { randomCredentials, sourceCreds, writeHtpasswd } from '../../../helpers/registry/credentials.ts';
import { openRegistryProxy } from '../../../helpers/registry/proxy.ts';
import { startRegistry } from '../../../helpers/registry/start.ts';
import type { ServiceStep, StepContext } from '../../step.ts';
import { guestRegistries } from '../../target/guest-registries.ts';
import { packages } from '../packages.ts';
import { registryStorage } from './registry-storage.ts';

/**
 * Timeout for the start of a registry, in milliseconds: Docker has a minute; if it fails, a process is started instead.
 */
const REGISTRY_STEP_MS = 120_000;

/** Step that starts the registry without authentication. */
export const registry: ServiceStep<RegistryEndpoint> = {
  kind: 'service',
  id: 'registry',
  module: import.meta.url,
  title: 'registry',
  needs: () => [packages, registryStorage],
  timeoutMs: REGISTRY_STEP_MS,
  start: (context) =>
    serve(context, { name: 'registry', part: 'public', guestAddress: guestRegistries(context.config).registry }),
};

/** Step that starts the registry with a password, which is new for every run and stored in a file. */
export const passwordRegistry: ServiceStep<RegistryEndpoint & { readonly credentialsFile: string }> = {
  kind: 'service',
  id: 'password-registry',
  module: import.meta.url,
  title: 'password-protected registry',
  needs: () => [packages, registryStorage],
  timeoutMs: REGISTRY_STEP_MS,
  async start(context) {
    const name = 'password-registry';
    const dir = await directory(context, name);
    const credentials = randomCredentials();
    const htpasswd = join(dir, 'htpasswd');
    await writeHtpasswd(htpasswd, credentials);
    const credentialsFile = join(dir, 'credentials');
    await writeFile(credentialsFile, sourceCreds(credentials), { mode: 0o600 });
    const endpoint = await serve(context, {
      name,
      part: 'private',
      guestAddress: guestRegistries(context.config).passwordRegistry,
      htpasswd,
    });
    return { ...endpoint, credentialsFile };
  },
};

interface Served {
  readonly name: string;
  readonly part: 'public' | 'private';
  readonly guestAddress: string;
  readonly htpasswd?: string;
}

async function serve(context: StepContext, { name, part, guestAddress, htpasswd }: Served): Promise<RegistryEndpoint> {
  const { config, owned, result, say, signal } = context;
  const dir = await directory(context, name);
  const storage = result(registryStorage)[part];
  const port = part === 'public' ? config.registryPort : 0;
  const started = owned.use(
    await startRegistry({
      ...{ runner: config.registryRunner, engine: config.outbound.docker },
      ...{ dir, storage, port, signal, ...defined({ htpasswd }) },
    }),
  );
  const { address, notInDocker } = started;
  if (notInDocker !== undefined) say(`started as a process: ${notInDocker}`);
  // The sockets of the registry proxies have a separate directory: it is the only part of the run directory that guests
  // can see.
  const socket = join(await directory(context, 'gates'), `${name}.sock`);
  owned.use(await openRegistryProxy(socket, address));
  return defined({ address, guestAddress, socket, notInDocker });
}

async function directory({ runDir }: StepContext, name: string): Promise<string> {
  const dir = join(runDir, name);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  return dir;
}
