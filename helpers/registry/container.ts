import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnDaemon } from '../daemon.ts';
import { DisposeStack } from '../dispose.ts';
import { messageOf, TimeoutError } from '../errors.ts';
import type { Environment } from '../exec.ts';
import { DockerUnusable, engineAddress, whyNoEngine } from './engine.ts';
import { waitForRegistry } from './listening.ts';
import type { Registry, RegistryOptions } from './registry.ts';

/** Distribution's own image. Whoever has no way to a public registry has it loaded in the engine. */
const IMAGE = 'registry:2';

/** A registry in a container, as container-main.ts is told of it. */
export interface RegistryContainer extends Pick<RegistryOptions, 'htpasswd' | 'storage'> {
  readonly image: string;
  readonly port: number;
}

/** Begins the line with which container-main.ts says why it failed. */
export const FAILED = 'failed: ';

/** Directory of the program. */
const HERE = dirname(fileURLToPath(import.meta.url));

const ANSWER_TIMEOUT_MS = 5_000;
/** With two images to pull: the registry's, and the one by which testcontainers removes what a killed run leaves. */
const START_TIMEOUT_MS = 60_000;
const REACH_TIMEOUT_MS = 5_000;
const STOP_TIMEOUT_MS = 15_000;

/** Where the engine is, how it is spoken to, and how long it may take. */
export interface EngineOptions {
  /** Variables of Docker's clients and of testcontainers. */
  readonly engine: Environment;
  readonly image?: string;
  /** How long the engine may take to answer at all, and then to have the registry running; in milliseconds. */
  readonly answerTimeoutMs?: number;
  readonly startTimeoutMs?: number;
}

/**
 * A registry in a container. It uses the host's network and listens on loopback, so the address means the same as for the
 * process; published ports would need a bridge. Rejects with {@link DockerUnusable} when the engine does not answer in time,
 * cannot have the image, or has it running where we do not reach it.
 */
export async function startRegistryContainer(options: RegistryOptions & EngineOptions): Promise<Registry> {
  const { answerTimeoutMs = ANSWER_TIMEOUT_MS, engine, htpasswd, image = IMAGE, port = 0, signal, storage } = options;
  const address = engineAddress(engine);
  const reason = await whyNoEngine(address, engine, { timeoutMs: answerTimeoutMs, signal });
  if (reason !== undefined) throw new DockerUnusable(reason);
  const logFile = join(options.dir, 'registry.log');
  // A log of an earlier start names an earlier port.
  await rm(logFile, { force: true });
  const container: RegistryContainer = { image, port, storage, ...(htpasswd === undefined ? {} : { htpasswd }) };
  await using stack = new DisposeStack();
  const daemon = stack.use(
    await spawnDaemon([process.execPath, join(HERE, 'container-main.ts'), JSON.stringify(container)], {
      logFile,
      cwd: HERE,
      // testcontainers tells nowhere else why a pull failed, and what is wrong with an engine.
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
        await owned[Symbol.asyncDispose]();
        // It was killed, or failed to stop the container.
        if (daemon.exit?.exitCode !== 0) {
          throw new DockerUnusable(
            `the Docker engine at ${address} did not stop a container of ${image}, see docker ps`,
          );
        }
      },
    };
  } catch (error) {
    signal?.throwIfAborted();
    // Nobody waits for one that is stuck.
    daemon.kill('SIGKILL');
    const said = failureIn(await readFile(logFile, 'utf8'));
    const late = error instanceof TimeoutError ? `it did not start within ${timeoutMs / 1_000} s` : messageOf(error);
    const why = said === undefined ? late : error instanceof TimeoutError ? `${late}: ${said}` : said;
    throw new DockerUnusable(`the Docker engine at ${address} does not run ${image}: ${why}`, { cause: error });
  }
}

/**
 * Why a registry could not be started, by the log of container-main.ts: what the engine said of a pull that failed, what kept
 * testcontainers from using the engine, and what it failed with in the end.
 */
export function failureIn(log: string): string | undefined {
  const pulls = [...log.matchAll(/"error":("(?:[^"\\]|\\.)*")/g)].map(([, text = '""']) => JSON.parse(text) as string);
  const engine = [...log.matchAll(/ does not work: "(?:Error: )?(.*)"$/gm)].map(([, text = '']) => text.trim());
  const failed = log.split('\n').find((line) => line.startsWith(FAILED));
  const said = [...pulls, ...engine, ...(failed === undefined ? [] : [failed.slice(FAILED.length).trim()])];
  return said.length === 0 ? undefined : [...new Set(said)].join('; ');
}

/** An engine on another machine has it on the loopback of that machine. */
async function reach(address: string, signal: AbortSignal | undefined): Promise<void> {
  const deadline = AbortSignal.timeout(REACH_TIMEOUT_MS);
  try {
    await fetch(`http://${address}/v2/`, { signal: signal ? AbortSignal.any([deadline, signal]) : deadline });
  } catch (cause) {
    throw new Error(`it listens on ${address}, which this machine does not reach; is the engine on another machine?`, {
      cause,
    });
  }
}
