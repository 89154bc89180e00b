import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defined } from '../defined.ts';
import { messageOf, TimeoutError } from '../errors.ts';
import { spawnDaemon } from '../process/daemon.ts';
import type { Environment } from '../process/exec.ts';
import { DockerUnusable, engineAddress, whyNoEngine } from './engine.ts';
import { waitForRegistry } from './listening.ts';
import type { Registry, RegistryOptions } from './registry.ts';

/**
 * The registry image of the project Distribution. Without access to a public registry, it must be loaded into the
 * Docker engine beforehand.
 */
const IMAGE = 'registry:2';

/** Options of the registry container, which container-main.ts gets as JSON in its argument. */
export interface RegistryContainer extends Pick<RegistryOptions, 'htpasswd' | 'storage'> {
  readonly image: string;
  readonly port: number;
}

/** Prefix of the line in which container-main.ts reports its error. */
export const FAILED = 'failed: ';

/** Directory of container-main.ts. */
const HERE = dirname(fileURLToPath(import.meta.url));

const ANSWER_TIMEOUT_MS = 5_000;
/**
 * Timeout for the start of a registry container. It includes the pull of two images: the registry's, and Ryuk, with
 * which testcontainers cleans up after killed runs.
 */
const START_TIMEOUT_MS = 60_000;
const REACH_TIMEOUT_MS = 5_000;
const STOP_TIMEOUT_MS = 15_000;

/** Address, client settings and timeouts of the Docker engine. */
export interface EngineOptions {
  /** Environment variables of Docker's clients and of testcontainers. */
  readonly engine: Environment;
  readonly image?: string;
  /** Timeouts in milliseconds: for the engine's first response, and then for the start of the registry. */
  readonly answerTimeoutMs?: number;
  readonly startTimeoutMs?: number;
}

/**
 * Starts a registry in a container. The container uses the host's network and listens on loopback, so its address is
 * like that of a registry process; published ports would need a bridge. Rejects with {@link DockerUnusable} if the
 * Docker engine does not answer in time, cannot get the image, or runs the container where this machine cannot reach
 * it.
 */
export async function startRegistryContainer(options: RegistryOptions & EngineOptions): Promise<Registry> {
  const { answerTimeoutMs = ANSWER_TIMEOUT_MS, engine, htpasswd, image = IMAGE, port = 0, signal, storage } = options;
  const address = engineAddress(engine);
  const reason = await whyNoEngine(address, engine, { timeoutMs: answerTimeoutMs, signal });
  if (reason !== undefined) throw new DockerUnusable(reason);
  const logFile = join(options.dir, 'registry.log');
  // The log of an earlier start is removed, because it contains the port of that start.
  await rm(logFile, { force: true });
  const container: RegistryContainer = { image, port, storage, ...defined({ htpasswd }) };
  await using stack = new AsyncDisposableStack();
  const daemon = stack.use(
    await spawnDaemon([process.execPath, join(HERE, 'container-main.ts'), JSON.stringify(container)], {
      logFile,
      cwd: HERE,
      // The debug log is enabled: only there does testcontainers write the reason of a failed pull and of an unusable
      // engine.
      env: { ...engine, DEBUG: 'testcontainers,testcontainers:pull' },
      graceMs: STOP_TIMEOUT_MS,
    }),
  );
  const timeoutMs = options.startTimeoutMs ?? START_TIMEOUT_MS;
  try {
    const listening = await waitForRegistry('registry in Docker listening', daemon, { timeoutMs, signal });
    if (listening === undefined) throw new Error('it ended');
    await reach(listening, signal);
    const owned = stack.move();
    return {
      address: listening,
      log: () => readFile(logFile, 'utf8'),
      async [Symbol.asyncDispose]() {
        await owned.disposeAsync();
        // Another exit code than 0 means that container-main.ts was killed, or failed to stop the container.
        if (daemon.exit?.exitCode !== 0) {
          throw new DockerUnusable(
            `the Docker engine at ${address} did not stop a container of ${image}; remove it by hand, see docker ps`,
          );
        }
      },
    };
  } catch (error) {
    signal?.throwIfAborted();
    // SIGKILL, because a process that is stuck gets no grace period.
    daemon.kill('SIGKILL');
    const said = failureIn(await readFile(logFile, 'utf8'));
    const late = error instanceof TimeoutError ? `it did not start within ${timeoutMs / 1_000} s` : messageOf(error);
    const why = said === undefined ? late : error instanceof TimeoutError ? `${late}: ${said}` : said;
    throw new DockerUnusable(`the Docker engine at ${address} does not run ${image}: ${why}`, { cause: error });
  }
}

/**
 * Why a registry container did not start, from the log of container-main.ts: the engine's errors of failed pulls,
 * testcontainers' reasons for not using the engine, and the final error; `undefined` if the log has none.
 */
export function failureIn(log: string): string | undefined {
  const pulls = [...log.matchAll(/"error":("(?:[^"\\]|\\.)*")/g)].map(([, text = '""']) => JSON.parse(text) as string);
  const engine = [...log.matchAll(/ does not work: "(?:Error: )?(.*)"$/gm)].map(([, text = '']) => text.trim());
  const failed = log.split('\n').find((line) => line.startsWith(FAILED));
  const said = [...pulls, ...engine, ...(failed === undefined ? [] : [failed.slice(FAILED.length).trim()])];
  return said.length === 0 ? undefined : [...new Set(said)].join('; ');
}

/**
 * Rejects if the registry cannot be reached: with a Docker engine on another machine, the registry listens on that
 * machine's loopback.
 */
async function reach(address: string, signal: AbortSignal | undefined): Promise<void> {
  const deadline = AbortSignal.timeout(REACH_TIMEOUT_MS);
  try {
    await fetch(`http://${address}/v2/`, { signal: signal ? AbortSignal.any([deadline, signal]) : deadline });
  } catch (cause) {
    throw new Error(`it listens on ${address}, but this machine cannot reach it; is the engine on another machine?`, {
      cause,
    });
  }
}
