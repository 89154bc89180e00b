import { gte, lt, valid } from 'semver';

/**
 * What holds from a release of Kata on, or up to one. What upstream lost and restored has both, `until` before `since`.
 */
export interface ReleaseFact {
  /** First release with which it holds, or holds again; absent if it always did. */
  readonly since?: string;
  /** First release with which it no longer holds; absent if it still does. */
  readonly until?: string;
  /** What the agent has or does, to complete "this spec needs …". */
  readonly what: string;
  /** Where this is known from: commits of Kata. */
  readonly source: string;
}

/**
 * Facts about releases of Kata's agent. Each is also a Vitest tag: a spec with the tag is skipped, with the fact, for
 * agents of other releases.
 */
export const RELEASE_FACTS = {
  'shared-namespaces': {
    until: '3.8.0',
    since: '3.10.0',
    what: 'containers that share the IPC namespace of their sandbox',
    source: 'b56313472b, 3dabe0f5f0',
  },
  'usable-devices': {
    until: '3.8.0',
    since: '3.10.1',
    what: 'default devices that root may open: the releases between gave them mode 0066',
    source: 'b56313472b, 322846b36f',
  },
  'unused-stdin': {
    since: '3.20.0',
    what: 'CloseStdin that ends an input to which nothing was written',
    source: '83f54eec52',
  },
  'ephemeral-remount': {
    since: '3.25.0',
    what: 'UpdateEphemeralMounts that changes the options of a mount',
    source: 'fb326b53df',
  },
  'denied-output': {
    since: '3.15.0',
    what: 'an agent that drops output whose ReadStreamRequest the policy denies, and before rejected the request',
    source: '937fd90779',
  },
  'handled-signals': {
    since: '2.5.0',
    what: 'signals that reach a first process which catches them',
    source: '4b437d91f0, 2a4fbd6d8c',
  },
  'failed-create-rollback': {
    since: '2.5.1',
    what: 'a failed CreateContainer that removes the container of its id',
    source: '09672eb2da, 5532930107',
  },
  'missing-cwd': {
    until: '3.8.0',
    since: '3.32.0',
    what: 'a missing working directory that CreateContainer creates',
    source: 'b56313472b, 60a2e27f02',
  },
  'failing-hooks': {
    until: '3.1.0',
    what: 'hooks whose failure fails the call that runs them',
    source: '85f9094f17',
  },
  'ignored-hook-failures': {
    since: '3.1.0',
    what: 'hooks whose failure is only logged',
    source: '85f9094f17',
  },
  'container-hooks': {
    since: '3.6.0',
    what: 'CreateContainer and StartContainer hooks',
    source: 'e80c9f7b74, 63dff9a9f2',
  },
  'overlayfs-storage': {
    since: '2.4.0',
    what: 'storages of driver overlayfs',
    source: '2d9f89aec7',
  },
  'hugetlbfs-storage': {
    since: '2.4.0',
    what: 'storages of driver ephemeral and type hugetlbfs',
    source: '36c3fc12ce',
  },
  'fs-group-storage': {
    since: '2.5.0',
    what: 'the field fs_group of storages',
    source: '92c00c7e84',
  },
  'overlay-directories-storage': {
    since: '3.17.0',
    what: 'directories that a storage of driver overlayfs creates',
    source: 'd07b279bf1',
  },
  'shared-storage': {
    since: '3.28.0',
    what: 'the field shared of storages',
    source: 'eaa711617e',
  },
  'erofs-layers-storage': {
    since: '3.32.0',
    what: 'storages of EROFS layers with a writable directory',
    source: '6ce9180333, 4fbfba2f79',
  },
  'vfio-pci-gk': {
    since: '3.2.0',
    what: 'the device type vfio-pci-gk, which was called vfio-gk before',
    source: '4c527d00c7',
  },
  'vfio-addresses': {
    since: '3.6.0',
    what: 'devices of type vfio-pci-gk whose PCI addresses the agent translates',
    source: '3624573b12',
  },
  'conflicting-devices': {
    since: '2.4.0',
    what: 'an agent that rejects two devices for one container path',
    source: 'f4982130e1',
  },
  'ephemeral-disk-encryption': {
    since: '3.28.0',
    what: 'disks that agent and CDH encrypt, with the LUKS header in the guest’s memory',
    source: '183507beeb, eaa711617e',
  },
  'created-filesystem-storage': {
    since: '4.0.0',
    what: 'storages whose file system the agent creates',
    source: '3332b7c4bc',
  },
  'copied-directories': {
    since: '3.3.0',
    what: 'CopyFile of directories and symbolic links',
    source: 'afe1a6ac5a',
  },
  'confined-copies': {
    since: '4.0.0',
    what: 'CopyFile that writes nothing outside its base directory, whatever is in the path',
    source: '3dba12cd81',
  },
  'passfd-io': {
    since: '3.3.0',
    what: 'streams of processes that are vsock connections, agent.passfd_listener_port',
    source: 'eb6bb6fe0d',
  },
  'named-validation': {
    since: '3.0.0',
    what: 'errors that say what is invalid in the specification of a container',
    source: '763ceeb7ba',
  },
  'selinux-labels': {
    since: '3.1.0',
    what: 'SELinux labels, which an agent rejects in a guest without SELinux',
    source: '9354769286',
  },
  'checked-cwd': {
    since: '4.1.0',
    what: 'a working directory that must be below the root of the container',
    source: 'e8688684c4',
  },
  'pinned-namespaces': {
    since: '4.1.0',
    what: 'ExecProcess that joins the namespaces with which its container was created',
    source: '3796ca53dc',
  },
  'signals-to-all': {
    since: '2.5.0',
    what: 'SignalProcess that sends SIGKILL without an exec id to all processes of the container',
    source: '0928eb9f4e',
  },
  'signals-to-ended': {
    since: '3.1.0',
    what: 'SignalProcess that succeeds for a process which has ended',
    source: 'ef5a2dc3bf',
  },
  'shared-mounts': {
    since: '3.3.0',
    what: 'the field shared_mounts of CreateContainer',
    source: 'a3b003c345',
  },
  'volume-stats': {
    since: '2.5.0',
    what: 'GetVolumeStats with the numbers of the volume, which before were zero',
    source: '8e7c5975c6',
  },
  'iptables-rpc': {
    since: '2.5.0',
    what: 'GetIPTables and SetIPTables',
    source: 'bd50d463b2',
  },
  'ephemeral-mounts-rpc': {
    since: '3.2.0',
    what: 'UpdateEphemeralMounts',
    source: '3896c7a22b',
  },
  'stale-share-mounts-rpc': {
    since: '3.2.0',
    what: 'RemoveStaleVirtiofsShareMounts',
    source: '205909fbed',
  },
  'mem-agent-rpc': {
    since: '3.13.0',
    what: 'MemAgentMemcgSet and MemAgentCompactSet',
    source: '74a17f96f4',
  },
  'mem-agent-start': {
    since: '4.1.0',
    what: 'a mem-agent that can be enabled: the agent before panics when it starts',
    source: '6853855305',
  },
  'mem-agent-policy': {
    since: '4.0.0',
    what: 'MemAgentMemcgSet and MemAgentCompactSet that the policy can deny',
    source: '95b57b025c',
  },
  'swap-path-rpc': {
    since: '3.15.0',
    what: 'AddSwapPath',
    source: '93cd30862d',
  },
  'diagnostic-data-rpc': {
    since: '3.29.0',
    what: 'GetDiagnosticData',
    source: '64c139208f',
  },
  'resize-volume-handler': {
    since: '4.0.0',
    what: 'a handler of ResizeVolume, which before was declared and answered by the ttrpc crate',
    source: '5c171e7321',
  },
} as const satisfies Readonly<Record<string, ReleaseFact>>;

/** Name of a fact, and tag of the specs that need it. */
export type ReleaseTag = keyof typeof RELEASE_FACTS;

/**
 * Why a fact does not hold with an agent's version; `undefined` if it holds, or if the version is no release of Kata.
 */
export function whyNotInRelease({ since, until, what }: ReleaseFact, version: string): string | undefined {
  if (valid(version) === null) return undefined;
  if (since !== undefined && until !== undefined && lt(until, since)) {
    if (lt(version, until) || gte(version, since)) return undefined;
    return `until ${until} and since ${since} (${what}); the agent is ${version}`;
  }
  if (since !== undefined && lt(version, since)) return `since ${since} (${what}); the agent is ${version}`;
  if (until !== undefined && gte(version, until)) return `until ${until} (${what}); the agent is ${version}`;
  return undefined;
}
