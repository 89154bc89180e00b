import {
  type ContainerSpecOptions,
  describe,
  expect,
  type Guest,
  type RunningContainer,
  readAll,
  test,
} from '../../fixtures/test.ts';

// Fields of CreateContainer's specification by what the container's own process sees. container-spec.spec.ts has the fields
// whose claims need more than one look, container/limits.spec.ts those of the cgroup.

/** Files and namespaces of the guest for the containers of this file. */
const FILES = '/run/kata-cc-fields';

interface Scenario {
  /** The container; its first process prints what is observed. */
  readonly container: ContainerSpecOptions;
  /** What the first process prints on stdout. */
  readonly prints: RegExp;
  /** A shell script that prepares the guest in {@link FILES}. */
  readonly guest?: string;
}

const sh = (script: string) => ['sh', '-c', script];

const mountInfo = sh(`grep ' /data ' /proc/self/mountinfo`);

const bound = (options: readonly string[], source = FILES) => ({
  destination: '/data',
  source,
  type: 'bind',
  options: [...options],
});

/** A program that only CAP_DAC_OVERRIDE allows another user than its owner to execute, at {@link PROGRAM} of the container. */
const OWNERS_PROGRAM = `printf '#!/bin/sh\\necho started' >program; chmod 704 program`;
const PROGRAM = '/program-of-the-guest';

const SCENARIOS: readonly (readonly [claim: string, scenario: Scenario])[] = [
  [
    'gives a process of another user the requested inheritable, ambient, permitted and bounding capabilities',
    {
      container: {
        args: sh('grep ^Cap /proc/self/status'),
        process: {
          User: { UID: 1234, GID: 5678 },
          Capabilities: {
            Bounding: ['CAP_KILL', 'CAP_SETGID', 'CAP_SETUID'],
            Permitted: ['CAP_KILL', 'CAP_SETUID'],
            Effective: ['CAP_KILL'],
            Inheritable: ['CAP_KILL', 'CAP_SETUID'],
            Ambient: ['CAP_SETUID'],
          },
        },
      },
      // Bit 5 is CAP_KILL, bit 6 CAP_SETGID, bit 7 CAP_SETUID. Without a file with capabilities, execve leaves a process of
      // another user than root the ambient ones alone.
      prints: /^CapInh:\t0{14}a0\nCapPrm:\t0{14}80\nCapEff:\t0{14}80\nCapBnd:\t0{14}e0\nCapAmb:\t0{14}80\n$/,
    },
  ],
  [
    'starts the program with the requested effective capabilities',
    {
      guest: OWNERS_PROGRAM,
      container: {
        args: [PROGRAM],
        mounts: [{ ...bound(['bind'], `${FILES}/program`), destination: PROGRAM }],
        process: {
          User: { UID: 1234, GID: 5678 },
          Capabilities: {
            Bounding: ['CAP_DAC_OVERRIDE'],
            Permitted: ['CAP_DAC_OVERRIDE'],
            Effective: ['CAP_DAC_OVERRIDE'],
          },
        },
      },
      prints: /^started\n$/,
    },
  ],
  ['gives its process the umask 0022', { container: { args: sh('umask') }, prints: /^0022\n$/ }],
  [
    'mounts a file system of the requested type and source at its destination with the requested options',
    {
      container: {
        args: sh(`grep ' /data ' /proc/mounts`),
        mounts: [
          {
            destination: '/data',
            source: 'scratch',
            type: 'tmpfs',
            options: ['ro', 'nosuid', 'nodev', 'noexec', 'size=1024k', 'mode=0711'],
          },
        ],
      },
      prints: /^scratch \/data tmpfs ro,nosuid,nodev,noexec,\S*size=1024k,mode=711\S* 0 0\n$/,
    },
  ],
  [
    'bind-mounts a directory of the guest, read-only if requested',
    {
      guest: 'echo from the guest >greeting',
      container: {
        args: sh('cat /data/greeting; echo x >/data/greeting; cat /data/greeting'),
        mounts: [bound(['bind', 'ro'])],
      },
      prints: /^from the guest\nfrom the guest\n$/,
    },
  ],
  [
    'bind-mounts a directory of the guest writable without the option ro',
    {
      guest: 'echo from the guest >greeting',
      container: { args: sh('echo from inside >/data/greeting; cat /data/greeting'), mounts: [bound(['bind'])] },
      prints: /^from inside\n$/,
    },
  ],
  [
    'makes a bind mount shared by the option rshared',
    { container: { args: mountInfo, mounts: [bound(['rbind', 'rshared'])] }, prints: / shared:\d+ / },
  ],
  [
    'makes a bind mount private by the option rprivate',
    {
      container: { args: mountInfo, mounts: [bound(['rbind', 'rprivate'])] },
      prints: /^[^:]*\d+:\d+ \S+ \/data \S+ - /,
    },
  ],
  [
    'sets the requested sysctls in the namespaces of the container',
    {
      container: {
        args: ['cat', '/proc/sys/kernel/shm_rmid_forced', '/proc/sys/kernel/domainname'],
        linux: { Sysctl: { 'kernel.shm_rmid_forced': '1', 'kernel.domainname': 'kata-cc.test' } },
      },
      prints: /^1\nkata-cc\.test\n$/,
    },
  ],
  [
    'creates the requested device nodes with their type, numbers, mode and owner',
    {
      container: {
        args: sh('ls -ln /dev/of/request /dev/pipe-of-request'),
        linux: {
          Devices: [
            { Path: '/dev/of/request', Type: 'c', Major: 7, Minor: 3, FileMode: 0o640, UID: 12, GID: 34 },
            { Path: '/dev/pipe-of-request', Type: 'p', FileMode: 0o604, UID: 56, GID: 78 },
          ],
        },
      },
      prints: /^crw-r----- +1 12 +34 +7, +3 .* \/dev\/of\/request\nprw----r-- +1 56 +78 .* \/dev\/pipe-of-request\n$/,
    },
  ],
  [
    'creates a network namespace without other interfaces than lo if requested',
    {
      container: {
        args: sh('tail -n +3 /proc/net/dev'),
        linux: { Namespaces: ['mount', 'ipc', 'uts', 'network'].map((Type) => ({ Type })) },
      },
      prints: /^ *lo:.*\n$/,
    },
  ],
  [
    'joins the network namespace of the requested path',
    {
      guest: `touch net; unshare --net=net sh -c 'echo 77 >/proc/sys/net/ipv4/ip_default_ttl'`,
      container: {
        args: sh('cat /proc/sys/net/ipv4/ip_default_ttl'),
        linux: {
          Namespaces: [...['mount', 'ipc', 'uts'].map((Type) => ({ Type })), { Type: 'network', Path: `${FILES}/net` }],
        },
      },
      prints: /^77\n$/,
    },
  ],
  [
    'makes the mounts of the guest, and bind mounts of them, shared by the propagation rshared of its root',
    {
      container: { args: mountInfo, mounts: [bound(['bind'])], linux: { RootfsPropagation: 'rshared' } },
      prints: / shared:\d+ /,
    },
  ],
  [
    'makes no bind mount shared without a propagation of its root',
    { container: { args: mountInfo, mounts: [bound(['bind'])] }, prints: /^(?!.* shared:).* \/data .*\n$/ },
  ],
];

describe('fields of CreateContainer', { tags: ['containers'] }, () => {
  test.for(SCENARIOS.filter(isOfRoot))('CreateContainer %s', async ([, scenario], { guest, startRunning }) => {
    expect(await saidBy(scenario, { guest, startRunning })).toMatch(scenario.prints);
  });

  test.for(SCENARIOS.filter((row) => !isOfRoot(row)))(
    'CreateContainer %s',
    { tags: ['other-users'] },
    async ([, scenario], { guest, startRunning }) => {
      expect(await saidBy(scenario, { guest, startRunning })).toMatch(scenario.prints);
    },
  );
});

function isOfRoot([, { container }]: (typeof SCENARIOS)[number]): boolean {
  return container.process?.User === undefined;
}

/** Prepares the guest for a scenario, and returns what its container prints on stdout. */
async function saidBy(
  { container, guest: script }: Scenario,
  {
    guest,
    startRunning,
  }: {
    readonly guest: Guest;
    readonly startRunning: (guest: Guest, options: ContainerSpecOptions) => Promise<RunningContainer>;
  },
): Promise<string> {
  if (script !== undefined) await guest.run(['sh', '-c', `mkdir -p ${FILES} && cd ${FILES} && ${script}`]);
  const { containerId } = await startRunning(guest, container);
  return readAll(guest, 'stdout', containerId, containerId);
}

describe('fields of ExecProcess', { tags: ['containers'] }, () => {
  test('ExecProcess starts the program with the requested effective capabilities', { tags: ['other-users'] }, async ({
    guest,
    startRunning,
  }) => {
    await guest.run(['sh', '-c', `mkdir -p ${FILES} && cd ${FILES} && ${OWNERS_PROGRAM}`]);
    const mounts = [{ ...bound(['bind'], `${FILES}/program`), destination: PROGRAM }];
    const container = await startRunning(guest, { mounts });
    const capabilities = ['CAP_DAC_OVERRIDE'];
    const Capabilities = { Bounding: capabilities, Permitted: capabilities, Effective: capabilities };
    const process = { User: { UID: 1234, GID: 5678 }, Capabilities };
    const execId = await container.exec([PROGRAM], { process });
    expect(await readAll(guest, 'stdout', container.containerId, execId)).toBe('started\n');
  });

  test('ExecProcess sets no_new_privs on its process if requested', async ({ guest, startRunning }) => {
    const container = await startRunning(guest, { process: { NoNewPrivileges: false } });
    const status = async (NoNewPrivileges: boolean): Promise<string> => {
      const execId = await container.exec(sh('grep NoNewPrivs /proc/self/status'), {
        process: { NoNewPrivileges },
      });
      return readAll(guest, 'stdout', container.containerId, execId);
    };
    expect(await status(true)).toBe('NoNewPrivs:\t1\n');
    expect(await status(false)).toBe('NoNewPrivs:\t0\n');
  });

  test('ExecProcess gives its process the requested inheritable, ambient and bounding capabilities', {
    tags: ['other-users'],
  }, async ({ guest, running }) => {
    const Capabilities = {
      Bounding: ['CAP_KILL', 'CAP_SETGID', 'CAP_SETUID'],
      Permitted: ['CAP_KILL', 'CAP_SETUID'],
      Effective: ['CAP_KILL'],
      Inheritable: ['CAP_KILL', 'CAP_SETUID'],
      Ambient: ['CAP_SETUID'],
    };
    const process = { User: { UID: 1234, GID: 5678 }, Capabilities };
    const execId = await running.exec(sh('grep ^Cap /proc/self/status'), { process });
    expect(await readAll(guest, 'stdout', running.containerId, execId)).toMatch(
      /^CapInh:\t0{14}a0\nCapPrm:\t0{14}80\nCapEff:\t0{14}80\nCapBnd:\t0{14}e0\nCapAmb:\t0{14}80\n$/,
    );
  });
});
