import { PassThrough, Writable } from 'node:stream';
import type { V1Status } from '@kubernetes/client-node';
import { messageOf, TimeoutError } from '../errors.ts';
import { commandLine, ExecError, type Finished, type RunOptions } from '../exec.ts';
import type { Cluster } from './cluster.ts';
import { kubernetesError } from './error.ts';

/** In which container of which pod. */
export interface ExecPlace {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

export type PodExecOptions = Pick<RunOptions, 'input' | 'okCodes' | 'signal' | 'timeoutMs'>;

const TIMEOUT_MS = 30_000;

/** With this version of the channel protocol, and only with it, an input can be ended without ending the command. */
const CLOSES_INPUT = 'v5.channel.k8s.io';

/**
 * Runs a command in a container, as {@link run} does here: both streams apart, and its exit code. Rejects with
 * {@link ExecError}, with {@link TimeoutError}, and with {@link KubernetesError} when it could not be started. A cluster
 * older than 1.30 cannot end a command's input: a command that reads to the end of its `input` does not end there. An empty
 * `input` is one that stays open, which is not the same as none.
 */
export async function execInPod(
  cluster: Cluster,
  place: ExecPlace,
  command: readonly string[],
  options: PodExecOptions = {},
): Promise<Finished> {
  const { input, okCodes = [0], signal, timeoutMs = TIMEOUT_MS } = options;
  const { container, namespace, pod } = place;
  const shown = `${commandLine(command)} in ${namespace}/${pod}`;
  const [stdout, stderr] = [new Collected(), new Collected()];
  const stdin = input === undefined ? null : new PassThrough();
  let close = (): void => {};
  let timer: NodeJS.Timeout | undefined;
  let onAbort = (): void => {};
  const status = await new Promise<V1Status>((resolve, reject) => {
    timer = setTimeout(() => {
      const said = `it printed ${JSON.stringify(stdout.text.slice(-QUOTED))} and ${JSON.stringify(stderr.text.slice(-QUOTED))}`;
      reject(new TimeoutError(`${shown} did not end within ${timeoutMs} ms; ${said}`));
    }, timeoutMs);
    onAbort = () => reject(signal?.reason);
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    cluster.exec.exec(namespace, pod, container, [...command], stdout, stderr, stdin, false, resolve).then(
      (socket) => {
        close = () => socket.close();
        // The status comes before the end; without one the connection was lost, and nobody else says so.
        socket.addEventListener('close', ({ code, reason }) =>
          reject(kubernetesError(shown, new Error(`the connection was lost (${code}${reason && `, ${reason}`})`))),
        );
        if (stdin === null || input === undefined) return;
        stdin.write(input);
        if (socket.protocol === CLOSES_INPUT) stdin.end();
      },
      (error: unknown) => reject(kubernetesError(shown, refusalOf(error))),
    );
  }).finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    close();
  });
  const finished = { stdout: stdout.text, stderr: stderr.text, exitCode: exitCodeOf(status, shown) };
  if (okCodes.includes(finished.exitCode)) return finished;
  throw new ExecError(`exited with ${finished.exitCode} in ${namespace}/${pod}`, command, finished);
}

/**
 * The exit code in the status of a command that has ended. Source: Kubernetes' remotecommand; a failure has the reason
 * `NonZeroExitCode` and the code as text in a cause `ExitCode`; another failure is no exit.
 */
export function exitCodeOf(status: V1Status, what: string): number {
  if (status.status === 'Success') return 0;
  const cause = status.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message;
  if (status.reason === 'NonZeroExitCode' && cause !== undefined && /^\d+$/.test(cause)) return Number(cause);
  throw kubernetesError(what, { code: status.code ?? 500, body: status });
}

/** A connection that is refused is an event of the socket, with the error inside. */
function refusalOf(error: unknown): Error {
  const { message } = (error ?? {}) as { readonly message?: unknown };
  return error instanceof Error ? error : new Error(typeof message === 'string' ? message : messageOf(error));
}

const QUOTED = 500;

class Collected extends Writable {
  readonly #chunks: Buffer[] = [];

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }

  get text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}
