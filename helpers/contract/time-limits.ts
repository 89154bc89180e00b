import type { Target } from './target.ts';

/** Values of a target's `slow`, the multiplier of all time limits; 1 on a machine without emulation. */
export const SLOW = {
  /** Multiplier of time limits for guests under software emulation. */
  emulated: 4,
  /** Multiplier of time limits for Kata inside a VM that is emulated. */
  nested: 8,
} as const;

/**
 * Time limits of specs and their fixtures by name, in milliseconds on a machine without emulation. All are read through
 * {@link within}, which multiplies them by the target's `slow`. Most limits only bound a failure: those are several times
 * the usual duration, and unrelated waits may share one. "Nested" is Kata in an emulated VM, the slowest target.
 */
export const TIME_LIMITS = {
  /** From the start of a guest to its agent's first answer. An emulated boot takes 3 s, a clone of it 0.3 s. */
  'agent-start': 20_000,
  /**
   * The same, if the agent is expected to end instead: Kata's shim waits out its dial timeout even if the guest has
   * ended, so every such spec takes this long on target kata. Nested, a guest's start takes 20 s.
   */
  'agent-rejects-parameters': 15_000,
  /** The same, if the agent never starts: enough for the first lines on the console. Every such spec takes this long. */
  'agent-never-starts': 2_000,
  /** From a sandbox's start to the response of its shim with the agent's address. */
  'agent-address': 30_000,
  /** One run of kata-agent-ctl: the start of a process and one RPC. */
  'agent-ctl': 15_000,
  /** Difference between the clocks of guest and host, both read in whole seconds. */
  clock: 5_000,
  /** One command in a guest, such as a script of a fixture, and opening an interactive terminal there. */
  command: 60_000,
  /** One run of genpolicy, which requests the manifest, the configuration and the layers of each image. */
  genpolicy: 20_000,
  /** From a program's start in a guest to its TCP connection; a connection that must not succeed may take this long. */
  connection: 4_000,
  /** From an event in a guest to its console line: the console may lag behind the response of an RPC. */
  console: 15_000,
  /** From SIGKILL to the next containerd: systemd's delay before the restart, and containerd's start. */
  'containerd-restart': 30_000,
  /** One CRI call; RunPodSandbox starts a VM. */
  cri: 30_000,
  /** Opening a shell over the debug console, and one command or line in it. The agent serves one connection after another. */
  'debug-console': 15_000,
  /** One command that collects evidence of a failed test; the guest or the host may not respond any more. */
  evidence: 10_000,
  /** From the cause of a guest's end, such as the agent's end, to the end of its VM or namespaces. */
  'guest-end': 10_000,
  /** From a call to mem-agent to its effect: it ages no memory that the kernel has aged in the last minute. */
  'mem-agent': 65_000,
  /** Each wait for an object of a cluster. Shorter than `spec`, because the error of a wait explains more. */
  pod: 45_000,
  /** A wait for a pod that must expire: enough for a request to the API server. The spec takes this long. */
  'pod-expires': 500,
  /** From a process's start, end or throttling to its being visible in `ps`, its log or its control group. */
  process: 10_000,
  /** A call that does little, where a faulty agent never answers it, or where it must end at its deadline. */
  'quick-rpc': 5_000,
  /** From the start of a pull to its connection to the registry or a request there: the start of skopeo, or the CDH's work. */
  'registry-request': 10_000,
  /** From plugging a device into a VM to its being visible in the guest's kernel. */
  'hot-plug': 10_000,
  /** One call to the agent; PullImage also unpacks the image. */
  rpc: 60_000,
  /** From the end of a sandbox to the removal of its processes, mounts and directories on the host by Kata's shim. */
  'sandbox-gone': 30_000,
  /** From the request to containerd to a sandbox whose shim has reached the agent. Nested, it takes 20 s. */
  'sandbox-start': 30_000,
  /** Removing a sandbox whose agent responds. */
  'sandbox-stop': 20_000,
  /** Removing a sandbox whose VM was killed: Kata's shim waits for its agent for a minute. */
  'sandbox-stop-without-agent': 60_000,
  /** One call to a shim, which waits for the agent. */
  shim: 15_000,
  /** One spec or hook, the backstop of all others. vitest.config.ts has it for a target without emulation. */
  spec: 75_000,
  /** From an attestation token that is valid for zero minutes to its rejection: a KBS accepts expired tokens for a minute more. */
  'token-expires': 65_000,
  /** From the end of a VM to its task being STOPPED in containerd. */
  'task-stopped': 30_000,
} as const satisfies Readonly<Record<string, number>>;

/** Name of a time limit. */
export type TimeLimit = keyof typeof TIME_LIMITS;

/** Options of a wait: its timeout in milliseconds, and the signal that aborts it. */
export interface Wait {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Options of a wait with a time limit, multiplied by `slow`: the multiplier of the target, or of one of its guests. */
export function within({ slow }: Pick<Target, 'slow'>, limit: TimeLimit, signal?: AbortSignal): Wait {
  return { timeoutMs: TIME_LIMITS[limit] * slow, signal };
}
