import {
  test as base,
  type ContainerSpecOptions,
  cgroupVersion,
  createContainer,
  describe,
  expect,
  type Guest,
  readAll,
  readCgroup,
} from '../../../fixtures/test.ts';

// Resources of CreateContainer and UpdateContainer by the cgroup of the container. ../container-spec.spec.ts has what limits do to
// processes.

// A guest with one CPU would show no effect of a set of CPUs.
const test = base.extend('guestOptions', { scope: 'file' }, { machine: { cpus: 2 } } as const);

type Resources = NonNullable<NonNullable<ContainerSpecOptions['linux']>['Resources']>;

/** Files of a cgroup, and their contents. */
type Expected = readonly [files: readonly string[], content: string];

interface Limit {
  /** The resources of the request; `device` is a block device of the guest. */
  readonly resources: (device: Device) => Resources;
  /** What the cgroup of the container then has, by version; absent if the guest has no such limit. */
  readonly v1: (machine: Machine) => Expected | undefined;
  readonly v2?: (machine: Machine) => Expected | undefined;
}

/** Numbers of a device. */
interface Device {
  readonly Major: number;
  readonly Minor: number;
}

/** A block device of the guest, the number of its CPUs, its network interfaces, and the directories of its cgroup hierarchy. */
interface Machine extends Device {
  readonly cpus: number;
  readonly interfaces: readonly string[];
  readonly controllers: readonly string[];
}

const MIB = 2 ** 20;

const throttle = (field: string, file: string, key: string): Limit => ({
  resources: ({ Major, Minor }) => ({ BlockIO: { [field]: [{ Major, Minor, Rate: 1_234_567 }] } }),
  v1: ({ Major, Minor }) => [[`blkio/blkio.throttle.${file}_device`], `${Major}:${Minor} 1234567`],
  v2: ({ Major, Minor }) => [
    ['blkio/io.max'],
    `${Major}:${Minor} ${['rbps', 'wbps', 'riops', 'wiops'].map((each) => `${each}=${each === key ? 1_234_567 : 'max'}`).join(' ')}`,
  ],
});

/** What the cgroup has if the guest has the controller; target local has those of this machine. */
const has =
  (controller: string, expected: (machine: Machine) => Expected) =>
  (machine: Machine): Expected | undefined =>
    machine.controllers.includes(controller) ? expected(machine) : undefined;

const LIMITS: readonly (readonly [claim: string, limit: Limit])[] = [
  [
    'CPU shares',
    {
      resources: () => ({ CPU: { Shares: 512 } }),
      v1: () => [['cpu/cpu.shares'], '512'],
      v2: () => [['cpu/cpu.weight'], '20'],
    },
  ],
  [
    'a CPU quota and its period',
    {
      resources: () => ({ CPU: { Quota: 20_000, Period: 50_000 } }),
      v1: () => [['cpu/cpu.cfs_quota_us', 'cpu/cpu.cfs_period_us'], '20000 50000'],
      v2: () => [['cpu/cpu.max'], '20000 50000'],
    },
  ],
  [
    'CPUs',
    {
      resources: () => ({ CPU: { Cpus: '1' } }),
      v1: ({ cpus }) => (cpus === 1 ? undefined : [['cpuset/cpuset.cpus'], '1']),
      v2: ({ cpus }) => (cpus === 1 ? undefined : [['cpuset/cpuset.cpus'], '1']),
    },
  ],
  [
    'a memory limit, reservation and limit of memory and swap',
    {
      resources: () => ({ Memory: { Limit: 64 * MIB, Reservation: 48 * MIB, Swap: 96 * MIB } }),
      v1: () => [
        ['limit_in_bytes', 'soft_limit_in_bytes', 'memsw.limit_in_bytes'].map((file) => `memory/memory.${file}`),
        `${64 * MIB} ${48 * MIB} ${96 * MIB}`,
      ],
      v2: () => [['memory/memory.max', 'memory/memory.low'], `${64 * MIB} ${48 * MIB}`],
    },
  ],
  [
    'a limit of memory for TCP buffers',
    {
      resources: () => ({ Memory: { KernelTCP: 8 * MIB, Swappiness: 7 } }),
      v1: () => [['memory/memory.kmem.tcp.limit_in_bytes'], `${8 * MIB}`],
    },
  ],
  ['swappiness', { resources: () => ({ Memory: { Swappiness: 7 } }), v1: () => [['memory/memory.swappiness'], '7'] }],
  [
    'the OOM killer disabled',
    {
      resources: () => ({ Memory: { Limit: 64 * MIB, DisableOOMKiller: true, Swappiness: 7 } }),
      v1: () => [['memory/memory.oom_control'], 'oom_kill_disable 1 under_oom 0 oom_kill 0'],
    },
  ],
  [
    'a pids limit',
    {
      resources: () => ({ Pids: { Limit: 24 } }),
      v1: () => [['pids/pids.max'], '24'],
      v2: () => [['pids/pids.max'], '24'],
    },
  ],
  [
    'a limit of huge pages',
    {
      resources: () => ({ HugepageLimits: [{ Pagesize: '2MB', Limit: 4 * MIB }] }),
      v1: has('hugetlb', () => [['hugetlb/hugetlb.2MB.limit_in_bytes'], `${4 * MIB}`]),
    },
  ],
  [
    'a class of network packets',
    {
      resources: () => ({ Network: { ClassID: 0x10_0001 } }),
      v1: has('net_cls', () => [['net_cls/net_cls.classid'], `${0x10_0001}`]),
    },
  ],
  [
    'a priority of network packets on an interface',
    {
      resources: () => ({ Network: { Priorities: [{ Name: 'lo', Priority: 7 }] } }),
      v1: has('net_prio', ({ interfaces }) => [
        ['net_prio/net_prio.ifpriomap'],
        interfaces.map((name) => `${name} ${name === 'lo' ? 7 : 0}`).join(' '),
      ]),
    },
  ],
  ['a limit of bytes read from a block device', throttle('ThrottleReadBpsDevice', 'read_bps', 'rbps')],
  ['a limit of bytes written to a block device', throttle('ThrottleWriteBpsDevice', 'write_bps', 'wbps')],
  ['a limit of reads from a block device', throttle('ThrottleReadIOPSDevice', 'read_iops', 'riops')],
  ['a limit of writes to a block device', throttle('ThrottleWriteIOPSDevice', 'write_iops', 'wiops')],
];

describe('cgroup of a container', { tags: ['containers'] }, () => {
  test('CreateContainer places the process in a cgroup at the requested path', async ({
    guest,
    newId,
    startRunning,
  }) => {
    const CgroupsPath = `/of-request/${newId()}`;
    await startRunning(guest, { linux: { CgroupsPath } });
    const pids = await readCgroup(guest, CgroupsPath, ['memory/cgroup.procs']);
    const { stdout } = await guest.run(['sh', '-c', `tr '\\0' ' ' </proc/${pids}/cmdline`]);
    expect(stdout).toBe('sleep 3600 ');
  });

  test.for(LIMITS)(
    'CreateContainer with %s sets it in the cgroup of the container',
    async ([, limit], { guest, newId, startRunning, skip }) => {
      const [machine, version] = await Promise.all([machineOf(guest), cgroupVersion(guest)]);
      const expected = limit[version]?.(machine);
      if (expected === undefined) return skip(NO_SUCH_LIMIT);
      const CgroupsPath = `/kata/${newId()}`;
      await startRunning(guest, { linux: { CgroupsPath, Resources: limit.resources(machine) } });
      expect(await readCgroup(guest, CgroupsPath, expected[0])).toBe(expected[1]);
    },
  );

  test.for(LIMITS)(
    'UpdateContainer with %s sets it in the cgroup of the running container',
    async ([, limit], { guest, running: { containerId }, skip }) => {
      const [machine, version] = await Promise.all([machineOf(guest), cgroupVersion(guest)]);
      const expected = limit[version]?.(machine);
      if (expected === undefined) return skip(NO_SUCH_LIMIT);
      const [files, content] = expected;
      expect(await readCgroup(guest, `/kata/${containerId}`, files)).not.toBe(content);
      await guest.agent.updateContainer({ containerId, resources: limit.resources(machine) });
      expect(await readCgroup(guest, `/kata/${containerId}`, files)).toBe(content);
    },
  );

  test('CreateContainer and UpdateContainer with a memory node that the guest lacks are rejected', async ({
    guest,
    newId,
    running: { containerId },
  }) => {
    const CPU = { Mems: '63' };
    await expect(createContainer(guest, newId(), { linux: { Resources: { CPU } } })).rejects.toMatchObject(NO_NODE);
    await expect(guest.agent.updateContainer({ containerId, resources: { CPU } })).rejects.toMatchObject(NO_NODE);
  });

  test('CreateContainer allows the requested access to a device and denies all other access', async ({
    guest,
    startRunning,
  }) => {
    const { containerId } = await startRunning(guest, {
      args: OPENS_DEVICE,
      linux: { Devices: [DEVICE], Resources: { Devices: [DENY_ALL, ALLOW_READING] } },
    });
    expect(await readAll(guest, 'stderr', containerId, containerId)).toBe(READING_ALLOWED);
  });

  test('UpdateContainer allows the requested access to a device in a running container', async ({
    guest,
    startRunning,
  }) => {
    const Resources = { Devices: [DENY_ALL] };
    const container = await startRunning(guest, { linux: { Devices: [DEVICE], Resources } });
    const { containerId } = container;
    const opened = async () => readAll(guest, 'stderr', containerId, await container.exec(OPENS_DEVICE));
    expect(await opened()).toBe(ALL_DENIED);
    await guest.agent.updateContainer({ containerId, resources: { Devices: [ALLOW_READING] } });
    expect(await opened()).toBe(READING_ALLOWED);
  });
});

const NO_SUCH_LIMIT = 'the guest has cgroup2 without such a limit, no such cgroup controller, or one CPU';
const NO_NODE = { code: 'internal' };

/** A device whose major number Linux reserves for experiments: it has no driver, so opening it fails if it is allowed, too. */
const DEVICE = { Path: '/dev/of-request', Type: 'c', Major: 120, Minor: 77, FileMode: 0o666 };
const DENY_ALL = { Allow: false, Type: 'a', Access: 'rwm' };
const ALLOW_READING = { Allow: true, Type: 'c', Major: 120, Minor: 77, Access: 'r' };
const OPENS_DEVICE = ['sh', '-c', 'cat /dev/of-request; echo x >/dev/of-request'];

const NOT_READ = "cat: can't open '/dev/of-request'";
const WRITING_DENIED = "sh: can't create /dev/of-request: Operation not permitted\n";
const READING_ALLOWED = `${NOT_READ}: No such device or address\n${WRITING_DENIED}`;
const ALL_DENIED = `${NOT_READ}: Operation not permitted\n${WRITING_DENIED}`;

/** The last whole block device of the guest: its minor number is not 0 if there are more. */
async function machineOf(guest: Guest): Promise<Machine> {
  const script = `cat /sys/block/[!lr]*/dev | tail -n 1; nproc
echo $(sed -n 's/^ *\\([^:]*\\):.*/\\1/p' /proc/net/dev); ls /sys/fs/cgroup`;
  const [device = '', cpus, interfaces = '', ...controllers] = (await guest.run(['sh', '-c', script])).stdout
    .trim()
    .split('\n');
  const [Major = Number.NaN, Minor = Number.NaN] = device.split(':').map(Number);
  return { Major, Minor, cpus: Number(cpus), interfaces: interfaces.split(' '), controllers };
}
