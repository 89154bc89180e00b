import { PassThrough } from 'node:stream';
import type { V1Status } from '@kubernetes/client-node';
import { TimeoutError } from '../errors.ts';
import { poll } from '../poll.ts';
import type { Cluster } from './cluster.ts';
import { Collected } from './collected.ts';
import { kubernetesError } from './error.ts';
import { type ExecPlace, rejectionOf } from './exec.ts';
import type { WaitOptions } from './watch.ts';

/** A WebSocket to the API server, which connects our streams with those of a process or of a port in a pod. */
type Socket = Awaited<ReturnType<Cluster['exec']['exec']>>;

/** An open connection to a process or to a port in a pod. Disposing closes it. */
export interface PodConnection extends Disposable {
  /** Returns everything received so far. */
  received(): string;
  /** Sends text. */
  send(text: string): void;
  /** Waits until what was received matches, and returns the first group of the match, else all of it. */
  until(pattern: RegExp): Promise<string>;
}

/** A terminal of a process in a pod. */
export interface PodTerminal extends PodConnection {
  /** Changes the size of the terminal. */
  resize(columns: number, rows: number): void;
}

/** Interval at which received data is checked, in milliseconds. */
const INTERVAL_MS = 50;

/** Size of a terminal when it is opened. */
const COLUMNS = 80;
const ROWS = 24;

/** Output of a terminal, with the properties by which the Kubernetes client recognises one and passes its size on. */
class Screen extends Collected {
  columns = COLUMNS;
  rows = ROWS;
}

/** Runs a command with a terminal in a container. It ends with its command or when the connection is closed. */
export async function openTerminal(
  { exec }: Pick<Cluster, 'exec'>,
  { container, namespace, pod }: ExecPlace,
  command: readonly string[],
  wait: WaitOptions,
): Promise<PodTerminal> {
  const [screen, input] = [new Screen(), new PassThrough()];
  const what = `terminal in ${namespace}/${pod}`;
  let end: V1Status | undefined;
  const opening = exec.exec(namespace, pod, container, [...command], screen, null, input, true, (status) => {
    end = status;
  });
  const socket = await opened(what, opening);
  return {
    ...connection(what, { socket, output: screen, input, end: () => end }, wait),
    resize(columns, rows) {
      Object.assign(screen, { columns, rows });
      screen.emit('resize');
    },
  };
}

/** Attaches to the first process of a container, whose output from now on is received. */
export async function attachTo(
  { attach }: Pick<Cluster, 'attach'>,
  { container, namespace, pod }: ExecPlace,
  wait: WaitOptions,
): Promise<PodConnection> {
  const [output, input] = [new Collected(), new PassThrough()];
  const what = `attachment to ${namespace}/${pod}`;
  const socket = await opened(what, attach.attach(namespace, pod, container, output, output, input, false));
  return connection(what, { socket, output, input }, wait);
}

/** Opens a connection to a port of a pod, which listens on its loopback or on all of its addresses. */
export async function connectToPort(
  { portForward }: Pick<Cluster, 'portForward'>,
  { namespace, pod }: Pick<ExecPlace, 'namespace' | 'pod'>,
  port: number,
  wait: WaitOptions,
): Promise<PodConnection> {
  const [output, input] = [new Collected(), new PassThrough()];
  const what = `port ${port} of ${namespace}/${pod}`;
  const forwarding = portForward.portForward(namespace, pod, [port], output, output, input);
  return connection(what, { socket: (await opened(what, forwarding)) as Socket, output, input }, wait);
}

/** Waits for a connection; rejects with a {@link KubernetesError}. */
async function opened<T>(what: string, opening: Promise<T>): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    throw kubernetesError(what, rejectionOf(error));
  }
}

/** The two ends of a connection, and the status of the command at its other end once that has ended. */
interface Ends {
  readonly input: PassThrough;
  readonly output: Collected;
  readonly socket: Socket;
  readonly end?: () => V1Status | undefined;
}

function connection(what: string, { end, input, output, socket }: Ends, wait: WaitOptions): PodConnection {
  return {
    received: () => output.text,
    send: (text) => void input.write(text),
    async until(pattern) {
      const found = async (): Promise<string | undefined> => {
        const match = pattern.exec(output.text);
        return match === null ? undefined : (match[1] ?? match[0]);
      };
      try {
        return await poll(`${what}: output that matches ${pattern}`, found, { ...wait, intervalMs: INTERVAL_MS });
      } catch (error) {
        if (!(error instanceof TimeoutError)) throw error;
        const status = end?.();
        const ended = status === undefined ? '' : `; it ended: ${status.message ?? status.status}`;
        throw new TimeoutError(`${error.message}; received ${JSON.stringify(output.text)}${ended}`, { cause: error });
      }
    },
    [Symbol.dispose]: () => socket.close(),
  };
}
