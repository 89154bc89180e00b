import { request } from 'node:http';
import { HarnessError, messageOf } from '../errors.ts';
import { fileExists } from '../files.ts';
import type { Environment } from '../process/exec.ts';

/** Address at which Docker's clients expect the engine without DOCKER_HOST. */
const DEFAULT_ENGINE = 'unix:///var/run/docker.sock';

/** The address of the Docker engine: DOCKER_HOST, or Docker's default. */
export function engineAddress(environment: Environment): string {
  return environment['DOCKER_HOST'] ?? DEFAULT_ENGINE;
}

/** Whether there may be a Docker engine: DOCKER_HOST is set, or the default socket exists. */
export async function mayHaveEngine(environment: Environment): Promise<boolean> {
  return environment['DOCKER_HOST'] !== undefined || fileExists(DEFAULT_ENGINE.slice('unix://'.length));
}

/** Docker cannot run a registry. The message is the reason, for use within a sentence. */
export class DockerUnusable extends HarnessError {
  constructor(reason: string, options?: ErrorOptions) {
    super('docker', reason, options);
  }
}

/**
 * Why no Docker engine answers at an address in time; `undefined` if one does. Addresses with TLS or ssh are not
 * checked.
 */
export async function whyNoEngine(
  address: string,
  environment: Environment,
  { signal, timeoutMs }: { readonly signal?: AbortSignal | undefined; readonly timeoutMs: number },
): Promise<string | undefined> {
  const endpoint = endpointOf(address);
  if (endpoint === undefined)
    return `${address} is not an address of a Docker engine; expected unix:///path or tcp://host:port`;
  if (endpoint === 'other' || environment['DOCKER_TLS_VERIFY'] === '1') return undefined;
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    const { status, version } = await ping(endpoint, signal ? AbortSignal.any([deadline, signal]) : deadline);
    if (status === 200 && version !== undefined) return undefined;
    return `the server at ${address} is not a Docker engine: GET /_ping answers ${status}${version === undefined ? ' without Api-Version' : ''}`;
  } catch (error) {
    signal?.throwIfAborted();
    if (deadline.aborted) return `the Docker engine at ${address} did not answer within ${timeoutMs / 1_000} s`;
    return `no Docker engine answers at ${address}: ${messageOf(error)}`;
  }
}

type Endpoint = { readonly socketPath: string } | { readonly host: string; readonly port: string };

function endpointOf(address: string): Endpoint | 'other' | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  switch (url?.protocol) {
    case 'unix:':
      return socketOf(address);
    case 'tcp:':
    case 'http:':
      return url.hostname === '' ? undefined : { host: url.hostname, port: url.port || '2375' };
    case 'https:':
    case 'ssh:':
      return 'other';
    default:
      return undefined;
  }
}

/** The socket of a Docker engine's address. As in Docker's own client, the path is not URL-decoded. */
function socketOf(address: string): Endpoint | undefined {
  const socketPath = address.slice('unix://'.length);
  return socketPath === '' ? undefined : { socketPath };
}

function ping(endpoint: Endpoint, signal: AbortSignal): Promise<{ status: number; version: string | undefined }> {
  return new Promise((resolve, reject) => {
    const asked = request({ ...endpoint, path: '/_ping', signal }, (answer) => {
      const { headers, statusCode = 0 } = answer;
      const version = headers['api-version'];
      // The body of the Docker engine's response is not read, and may never end.
      answer.destroy();
      resolve({ status: statusCode, version: Array.isArray(version) ? version[0] : version });
    });
    asked.once('error', reject);
    asked.end();
  });
}
