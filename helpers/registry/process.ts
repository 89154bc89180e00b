import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../errors.ts';
import { type Daemon, logTail, spawnDaemon } from '../process/daemon.ts';
import type { ServerCertificate } from './certificates.ts';
import { waitForRegistry } from './listening.ts';
import { REGISTRY_START_TIMEOUT_MS, type Registry, type RegistryOptions } from './registry.ts';

/** Options of a registry in a process, which can serve TLS. */
export interface RegistryProcessOptions extends RegistryOptions {
  /** Paths of the server's certificate and private key; without them the registry serves plain HTTP. */
  readonly tls?: Pick<ServerCertificate, 'certificate' | 'key'>;
}

/** Configuration of the registry program (Distribution) as JSON, which is valid YAML. */
export function registryConfig(options: Pick<RegistryProcessOptions, 'storage' | 'port' | 'htpasswd' | 'tls'>): object {
  const { htpasswd, port = 0, storage, tls } = options;
  const http = { addr: `127.0.0.1:${port}`, secret: 'not used: one process serves all uploads' };
  return {
    version: 0.1,
    log: { level: 'info' },
    storage: { filesystem: { rootdirectory: storage }, delete: { enabled: true } },
    http: { ...http, ...(tls && { tls: { certificate: tls.certificate, key: tls.key } }) },
    ...(htpasswd === undefined ? {} : { auth: { htpasswd: { realm: 'kata-cc', path: htpasswd } } }),
  };
}

/** Starts a registry as a child process: Debian's `docker-registry`, which is the project Distribution's. */
export async function startRegistryProcess(options: RegistryProcessOptions): Promise<Registry> {
  const config = join(options.dir, 'registry.yml');
  const logFile = join(options.dir, 'registry.log');
  await writeFile(config, JSON.stringify(registryConfig(options), null, 2), { mode: 0o600 });
  // The log of an earlier start is removed, because it contains the port of that start.
  await rm(logFile, { force: true });
  await using stack = new AsyncDisposableStack();
  const daemon = stack.use(await spawnDaemon(['docker-registry', 'serve', config], { logFile }));
  const address = await waitForAddress(daemon, options);
  const owned = stack.move();
  return {
    address,
    log: () => readFile(logFile, 'utf8'),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function waitForAddress(daemon: Daemon, options: RegistryOptions): Promise<string> {
  const { timeoutMs = REGISTRY_START_TIMEOUT_MS, signal } = options;
  const address = await waitForRegistry('docker-registry listening', daemon, { timeoutMs, signal });
  if (address === undefined) throw new HarnessError('registry', reasonOf(await logTail(daemon), options.port));
  return address;
}

function reasonOf(log: string, port: number | undefined): string {
  if (/address already in use/.test(log))
    return `the registry's port ${port} is in use on 127.0.0.1; set KATA_REGISTRY_PORT to another, or to 0, which takes a free one`;
  return `docker-registry ended at once: ${log}`;
}
