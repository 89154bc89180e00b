/** Methods of containers and their processes. */
const CONTAINERS = [
  ...['CreateContainer', 'StartContainer', 'RemoveContainer', 'ExecProcess', 'SignalProcess', 'WaitProcess'],
  ...['UpdateContainer', 'StatsContainer', 'PauseContainer', 'ResumeContainer'],
];
const STREAMS = ['WriteStdin', 'ReadStdout', 'ReadStderr', 'CloseStdin', 'TtyWinResize'];
const STORAGES = ['CreateContainer', 'RemoveContainer', 'CreateSandbox', 'DestroySandbox', 'UpdateEphemeralMounts'];
const DEVICES = ['CreateContainer', 'CreateSandbox', 'AddSwap', 'AddSwapPath', 'UpdateInterface'];
const NETWORK = [
  ...['UpdateInterface', 'UpdateRoutes', 'ListInterfaces', 'ListRoutes', 'AddARPNeighbors'],
  ...['GetIPTables', 'SetIPTables', 'CreateSandbox'],
];

/**
 * Methods that files of the agent take part in, by the beginning of their path below src/agent; the first that fits holds. A file that is
 * missing here can concern every method (the sandbox, the agent's start, its configuration and its policy), as do all files outside
 * src/agent. Source: the callers of each file's functions in src/agent/src/rpc.rs of Kata 4.1.0, and of d17aaba475 for image_rpc.rs.
 */
const METHODS_BY_PATH: readonly (readonly [prefix: string, methods: readonly string[]])[] = [
  ['src/metrics.rs', ['GetMetrics']],
  ['src/random.rs', ['ReseedRandomDev']],
  ['src/netlink.rs', NETWORK],
  ['src/network.rs', NETWORK],
  ['src/image_rpc.rs', ['PullImage']],
  ['src/confidential_data_hub/', ['CreateContainer']],
  ['src/storage/', STORAGES],
  ['src/mount.rs', STORAGES],
  ['src/watcher.rs', STORAGES],
  ['src/device', DEVICES],
  ['src/pci.rs', DEVICES],
  ['src/ccw.rs', DEVICES],
  ['src/ap.rs', DEVICES],
  ['src/uevent.rs', [...DEVICES, 'OnlineCPUMem']],
  ['src/linux_abi.rs', [...DEVICES, 'OnlineCPUMem', 'MemHotplugByProbe']],
  ['src/namespace.rs', ['CreateSandbox', 'CreateContainer', 'UpdateEphemeralMounts']],
  ['src/signal.rs', ['WaitProcess', 'SignalProcess', 'ExecProcess']],
  ['src/passfd_io.rs', ['CreateContainer', 'ExecProcess', ...STREAMS]],
  ['rustjail/src/cgroups/', [...CONTAINERS, 'GetOOMEvent', 'OnlineCPUMem']],
  ['rustjail/src/pipestream.rs', ['CreateContainer', 'ExecProcess', ...STREAMS]],
  ['rustjail/src/process.rs', [...CONTAINERS, ...STREAMS]],
  ['rustjail/src/capabilities.rs', ['CreateContainer', 'ExecProcess']],
  ['rustjail/src/seccomp.rs', ['CreateContainer', 'ExecProcess']],
  ['rustjail/src/selinux.rs', ['CreateContainer', 'ExecProcess']],
  ['rustjail/src/mount.rs', ['CreateContainer']],
  ['rustjail/src/specconv.rs', ['CreateContainer']],
  ['rustjail/src/validator.rs', ['CreateContainer']],
  ['rustjail/', [...CONTAINERS, ...STREAMS]],
];

/** All methods that the table names. */
export const METHODS_IN_TABLE: readonly string[] = [...new Set(METHODS_BY_PATH.flatMap(([, methods]) => methods))];

/** The names of the methods that a file of Kata's source takes part in; `undefined` if that is not known. */
export function methodsOfPath(path: string): readonly string[] | undefined {
  const own = /^src\/agent\/(.*)$/.exec(path)?.[1];
  return own === undefined ? undefined : METHODS_BY_PATH.find(([prefix]) => own.startsWith(prefix))?.[1];
}
