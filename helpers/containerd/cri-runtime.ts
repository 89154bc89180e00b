import { HarnessError } from '../errors.ts';
import { poll } from '../poll.ts';
import { RpcError } from '../rpc/error.ts';
import { openCri } from './open-cri.ts';

/** A container runtime's version and configuration from CRI. */
export interface CriRuntime {
  /** Name and version of the container runtime, such as `containerd 1.6.20`. */
  readonly version: string;
  readonly config: CriConfig;
}

/** Parts of the effective configuration of containerd's CRI plugin: with defaults, imports and migrations applied. */
export interface CriConfig {
  readonly containerd: {
    readonly defaultRuntimeName: string;
    /** Runtime handlers by name. */
    readonly runtimes: Readonly<Record<string, CriHandler>>;
  };
  readonly cni: { readonly confDir: string };
}

/** A runtime handler of containerd's CRI plugin; `options` are those of the handler's shim. */
export interface CriHandler {
  readonly runtimeType: string;
  readonly options?: Readonly<Record<string, unknown>> | null;
}

const READY_TIMEOUT_MS = 30_000;
const CALL_TIMEOUT_MS = 5_000;

/** Options of {@link criReady}; the timeout is 30 s by default. */
export interface CriReadyOptions {
  /** Runtime handler that containerd must have. */
  readonly handler?: string;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

/**
 * Waits until the container runtime on a socket is ready to run pods, and checks that it has `handler`, if given.
 * Rejects at once if the server does not serve CRI.
 */
export async function criReady(
  socket: string,
  { handler, signal, timeoutMs = READY_TIMEOUT_MS }: CriReadyOptions = {},
): Promise<CriRuntime> {
  const answer = await poll(`CRI answering on ${socket}`, () => askRuntime(socket, signal), {
    timeoutMs,
    intervalMs: 100,
    signal,
  });
  if (answer instanceof RpcError) {
    throw new HarnessError('cri', `${socket} does not serve CRI: ${answer.message}; its log says why`, {
      cause: answer,
    });
  }
  const handlers = Object.keys(answer.config.containerd.runtimes);
  if (handler === undefined || handlers.includes(handler)) return answer;
  throw new HarnessError(
    'cri',
    `${answer.version} on ${socket} has no runtime handler ${handler}; it has ${handlers.join(', ')}`,
  );
}

/**
 * Asks the container runtime once for its state: rejects while nothing answers or the runtime is not ready; returns the
 * error of a server without CRI.
 */
async function askRuntime(socket: string, signal: AbortSignal | undefined): Promise<CriRuntime | RpcError> {
  // Each attempt creates a new gRPC client: after a refused connection, a client backs off longer and longer before it
  // reconnects.
  await using cri = await openCri(socket, { timeoutMs: CALL_TIMEOUT_MS });
  try {
    const { runtimeName, runtimeVersion } = await cri.version({}, { signal });
    const { info, status } = await cri.status({ verbose: true }, { signal });
    const unready = status?.conditions?.find(({ status: ready, type }) => type === 'RuntimeReady' && !ready);
    if (unready) throw new HarnessError('cri', `RuntimeReady=false: ${unready.reason} ${unready.message}`);
    return { version: `${runtimeName} ${runtimeVersion}`, config: configOf(info['config']) };
  } catch (error) {
    if (error instanceof RpcError && error.code === 'unimplemented') return error;
    throw error;
  }
}

function configOf(json: string | undefined): CriConfig {
  if (json !== undefined) return JSON.parse(json) as CriConfig;
  throw new HarnessError('cri', 'the CRI status contains no configuration: containerd 1.3 or later is required');
}

/**
 * The cgroup driver that a kubelet must use: the driver of containerd's first runc handler, where the default handler
 * comes first.
 */
export function cgroupDriver({ containerd }: CriConfig): 'systemd' | 'cgroupfs' {
  const { defaultRuntimeName, runtimes } = containerd;
  const names = Object.keys(runtimes).sort(
    (one, other) => Number(other === defaultRuntimeName) - Number(one === defaultRuntimeName) || (one < other ? -1 : 1),
  );
  const ofRunc = names.map((name) => runtimes[name]).find((handler) => handler?.runtimeType.startsWith(RUNC_SHIM));
  return ofRunc?.options?.['SystemdCgroup'] === true ? 'systemd' : 'cgroupfs';
}

/** Prefix of the shims of runc and compatible runtimes (crun). Source: containerd's runtime_config_linux.go. */
const RUNC_SHIM = 'io.containerd.runc.';
