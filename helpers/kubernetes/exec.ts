import { PassThrough } from 'node:stream';
import type { V1Status } from '@kubernetes/client-node';
import { messageOf, TimeoutError } from '../errors.ts';
import { commandLine, ExecError, type Finished, type RunOptions } from '../process/exec.ts';
import type { Cluster } from './cluster.ts';
import { Collected } from './collected.ts';
import { kubernetesError } from './error.ts';

/** The Kubernetes container in which to run a command. */
export interface ExecPlace {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

export type PodExecOptions = Pick<RunOptions, 'input' | 'okCodes' | 'signal' | 'timeoutMs'>;

/** The only version of Kubernetes' channel protocol in which a client can close stdin without ending the command. */
const CLOSES_INPUT = 'v5.channel.k8s.io';

/**
 * Runs a command in a container through the Kubernetes API, as {@link run} does on this machine: stdout and stderr
 * separately, and the exit code. Rejects with {@link ExecError}, with {@link TimeoutError}, and with {@link
 * KubernetesError} if the command could not be started. Clusters older than 1.30 cannot close a command's stdin: there,
 * a command that reads `input` to its end does not end, and even an empty `input` is a stdin that stays open, unlike no
 * `input`.
 */
export async function execInPod(
  cluster: Cluster,
  place: ExecPlace,
  command: readonly string[],
  options: PodExecOptions & { readonly timeoutMs: number },
): Promise<Finished> {
  const { input, okCodes = [0], signal, timeoutMs } = options;
  const { container, namespace, pod } = place;
  const shown = `${commandLine(command)} in ${namespace}/${pod}`;
  const [stdout, stderr] = [new Collected(), new Collected()];
  const stdin = input === undefined ? null : new PassThrough();
  let close = (): void => {};
  let timer: NodeJS.Timeout | undefined;
  let onAbort = (): void => {};
  const status = await new Promise<V1Status>((resolve, reject) => {
    timer = setTimeout(() => {
      const said = `stdout ${JSON.stringify(stdout.text.slice(-QUOTED))}, stderr ${JSON.stringify(stderr.text.slice(-QUOTED))}`;
      reject(new TimeoutError(`${shown} did not end within ${timeoutMs} ms; ${said}`));
    }, timeoutMs);
    onAbort = () => reject(signal?.reason);
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    cluster.exec.exec(namespace, pod, container, [...command], stdout, stderr, stdin, false, resolve).then(
      (socket) => {
        close = () => socket.close();
        // The command's status arrives before the WebSocket closes. A close without a status is a lost connection,
        // which the Kubernetes client does not report.
        socket.addEventListener('close', ({ code, reason }) =>
          reject(kubernetesError(shown, new Error(`the connection was lost (${code}${reason && `, ${reason}`})`))),
        );
        if (stdin === null || input === undefined) return;
        stdin.write(input);
        if (socket.protocol === CLOSES_INPUT) stdin.end();
      },
      (error: unknown) => reject(kubernetesError(shown, rejectionOf(error))),
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
 * The exit code in Kubernetes' status of a command that has ended. A non-zero exit has the reason `NonZeroExitCode` and
 * the code as text in a cause `ExitCode`; any other failure means that the command did not run. Source: Kubernetes'
 * remotecommand.
 */
export function exitCodeOf(status: V1Status, what: string): number {
  if (status.status === 'Success') return 0;
  const cause = status.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message;
  if (status.reason === 'NonZeroExitCode' && cause !== undefined && /^\d+$/.test(cause)) return Number(cause);
  throw kubernetesError(what, { code: status.code ?? 500, body: status });
}

/**
 * The error of an exec that was rejected: for a refused connection the Kubernetes client rejects with an event of the
 * WebSocket, which carries the message.
 */
export function rejectionOf(error: unknown): Error {
  const { message } = (error ?? {}) as { readonly message?: unknown };
  return error instanceof Error ? error : new Error(typeof message === 'string' ? message : messageOf(error));
}

const QUOTED = 500;
