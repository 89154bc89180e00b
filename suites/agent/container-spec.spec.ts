import {
  CAPABILITIES,
  createContainer,
  describe,
  expect,
  type Guest,
  type ProcessFields,
  type RunningContainer,
  readAll,
  test,
} from '../../fixtures/test.ts';

// Fields of CreateContainer and ExecProcess, checked from inside the container: an accepted field may still have no effect.

const SIGKILL = 9;

/**
 * Resource limits that no process has by default. The limit of open files is not used, because Go programs raise it
 * themselves.
 */
const CORE = { Type: 'RLIMIT_CORE', Soft: 4_096, Hard: 8_192 };

/** A user and groups that no test image defines. */
const USER = { UID: 1234, GID: 5678, AdditionalGids: [91, 92] };

/** CPU quota of a tenth of a CPU. */
const TENTH = { Quota: 10_000, Period: 100_000 };

const ONE_CAPABILITY = { Bounding: ['CAP_KILL'], Effective: ['CAP_KILL'], Permitted: ['CAP_KILL'] };

/** Bit numbers of capabilities in /proc/PID/status. Source: linux/capability.h. */
const BITS: Readonly<Record<string, number>> = {
  CAP_KILL: 5,
  CAP_SETGID: 6,
  CAP_SETUID: 7,
  CAP_NET_BIND_SERVICE: 10,
  CAP_AUDIT_WRITE: 29,
};

describe('process of CreateContainer', { tags: ['containers'] }, () => {
  test('CreateContainer runs its process as the requested user, group and additional groups', {
    tags: ['other-users'],
  }, async ({ guest, startRunning }) => {
    const status = await statusOf(guest, await startRunning(guest, { ...SAYS_STATUS, process: { User: USER } }));
    expect(status).toMatchObject({ Uid: '1234 1234 1234 1234', Gid: '5678 5678 5678 5678', Groups: '91 92' });
  });

  test('CreateContainer with UID 0 and GID 0 runs its process as root without additional groups', async ({
    guest,
    startRunning,
  }) => {
    const status = await statusOf(guest, await startRunning(guest, SAYS_STATUS));
    expect(status).toMatchObject({ Uid: '0 0 0 0', Gid: '0 0 0 0', Groups: '' });
  });

  test('CreateContainer creates a missing working directory and runs its process in it', {
    tags: ['missing-cwd'],
  }, async ({ guest, newId, startRunning }) => {
    const Cwd = `/of-${newId()}/below`;
    const container = await startRunning(guest, { args: ['sh', '-c', 'pwd'], process: { Cwd } });
    expect(await saidBy(guest, container)).toBe(`${Cwd}\n`);
  });

  test('CreateContainer applies its rlimits to its process and to the processes of ExecProcess', async ({
    guest,
    startRunning,
  }) => {
    const container = await startRunning(guest, { process: { Rlimits: [CORE] } });
    const limits = await execSays(guest, container, ['cat', '/proc/1/limits', '/proc/self/limits']);
    const row = /^Max core file size +(\d+) +(\d+)/gm;
    expect([...limits.matchAll(row)].map(([, soft, hard]) => [soft, hard])).toEqual([
      ['4096', '8192'],
      ['4096', '8192'],
    ]);
  });

  test('CreateContainer gives its process exactly the requested bounding, effective and permitted capabilities', async ({
    guest,
    startRunning,
  }) => {
    const all = await statusOf(guest, await startRunning(guest, SAYS_STATUS));
    expect(all).toMatchObject(setsOf(CAPABILITIES));
    const process = { Capabilities: ONE_CAPABILITY };
    const one = await statusOf(guest, await startRunning(guest, { ...SAYS_STATUS, process }));
    expect(one).toMatchObject(setsOf(['CAP_KILL']));
  });

  test('CreateContainer without capabilities is rejected', async ({ guest, newId, expectedErrors }) => {
    await expect(createContainer(guest, newId(), { process: { Capabilities: null } })).rejects.toMatchObject(
      expectedErrors.internal('missing process capabilities'),
    );
  });

  test('CreateContainer sets no_new_privs on its process if NoNewPrivileges is true, and clears it otherwise', async ({
    guest,
    startRunning,
  }) => {
    const status = async (NoNewPrivileges: boolean): Promise<Status> =>
      statusOf(guest, await startRunning(guest, { ...SAYS_STATUS, process: { NoNewPrivileges } }));
    expect((await status(true))['NoNewPrivs']).toBe('1');
    expect((await status(false))['NoNewPrivs']).toBe('0');
  });

  test('CreateContainer sets oom_score_adj of its process', async ({ guest, startRunning }) => {
    const args = ['cat', '/proc/self/oom_score_adj'];
    expect(await saidBy(guest, await startRunning(guest, { args, process: { OOMScoreAdj: 321 } }))).toBe('321\n');
  });
});

describe('process of ExecProcess', { tags: ['containers'] }, () => {
  test('ExecProcess runs its process as the requested user, group and additional groups', {
    tags: ['other-users'],
  }, async ({ guest, running }) => {
    const said = await execSays(guest, running, ['cat', '/proc/self/status'], { User: USER });
    expect(parsed(said)).toMatchObject({ Uid: '1234 1234 1234 1234', Gid: '5678 5678 5678 5678', Groups: '91 92' });
  });

  test('ExecProcess runs its process in the requested working directory with the requested environment', async ({
    guest,
    running,
  }) => {
    const process = { Cwd: '/etc', Env: ['PATH=/bin', 'COLOUR=blue'] };
    expect(await execSays(guest, running, ['sh', '-c', 'pwd; echo $COLOUR'], process)).toBe('/etc\nblue\n');
  });

  test('ExecProcess gives its process the requested capabilities, by default those of the container', async ({
    guest,
    running,
  }) => {
    const inherited = await execSays(guest, running, ['cat', '/proc/self/status']);
    expect(parsed(inherited)).toMatchObject(setsOf(CAPABILITIES));
    const given = await execSays(guest, running, ['cat', '/proc/self/status'], { Capabilities: ONE_CAPABILITY });
    expect(parsed(given)).toMatchObject(setsOf(['CAP_KILL']));
  });
});

describe('root file system of CreateContainer', { tags: ['containers'] }, () => {
  const written = (path: string) => ({ args: ['sh', '-c', `echo x >${path}; cat ${path}`] });

  test('CreateContainer with a read-only root file system makes writes fail with "Read-only file system"', async ({
    guest,
    newId,
    startRunning,
  }) => {
    const path = `/of-${newId()}`;
    const { containerId } = await startRunning(guest, { ...written(path), readonlyRoot: true });
    expect(await readAll(guest, 'stderr', containerId, containerId)).toContain(
      `can't create ${path}: Read-only file system`,
    );
  });

  test('CreateContainer without a read-only root file system allows writes', async ({ guest, newId, startRunning }) => {
    expect(await saidBy(guest, await startRunning(guest, written(`/of-${newId()}`)))).toBe('x\n');
  });

  test('CreateContainer shows a masked path as empty and rejects writes below a read-only path', async ({
    guest,
    newId,
    startRunning,
  }) => {
    const path = `/tmp/of-${newId()}`;
    const args = ['sh', '-c', `cat /etc/passwd; echo x >${path}`];
    const linux = { MaskedPaths: ['/etc/passwd'], ReadonlyPaths: ['/tmp'] };
    const { containerId } = await startRunning(guest, { args, linux });
    expect(await readAll(guest, 'stdout', containerId, containerId)).toBe('');
    expect(await readAll(guest, 'stderr', containerId, containerId)).toContain(
      `can't create ${path}: Read-only file system`,
    );
  });

  test('CreateContainer leaves a path readable that is not masked and writable that is not read-only', async ({
    guest,
    newId,
    startRunning,
  }) => {
    const args = ['sh', '-c', `cat /etc/passwd; cd /tmp && echo x >of-${newId()} && echo written`];
    expect(await saidBy(guest, await startRunning(guest, { args }))).toBe('root:x:0:0:root:/root:/bin/sh\nwritten\n');
  });
});

describe('resource limits of a container', { tags: ['containers'] }, () => {
  const busy = { args: ['sh', '-c', 'while :; do :; done'] };

  test('CreateContainer with a CPU quota throttles a busy process', async ({ guest, startRunning, within }) => {
    const container = await startRunning(guest, { ...busy, linux: { Resources: { CPU: TENTH } } });
    await untilThrottled(guest, container, within('process'));
  });

  test('UpdateContainer with a CPU quota throttles a busy process that was not throttled before', async ({
    guest,
    startRunning,
    within,
  }) => {
    const container = await startRunning(guest, busy);
    const { containerId } = container;
    await expect
      .poll(() => usedNs(guest, container), { timeout: within('process').timeoutMs })
      .toBeGreaterThan(200_000_000);
    expect(await throttled(guest, container)).toBe(0);
    await guest.agent.updateContainer({ containerId, resources: { CPU: TENTH } });
    await untilThrottled(guest, container, within('process'));
  });

  // The test has a guest of its own: an OOM event that nothing fetches stays queued for the next GetOOMEvent in that
  // guest.
  test('a memory limit of CreateContainer ends a process that exceeds it with SIGKILL, and GetOOMEvent names its container', {
    tags: ['guest-exit'],
  }, async ({ launch, startRunning, within }) => {
    const guest = await launch();
    const Limit = 32 * 2 ** 20;
    await startRunning(guest);
    const container = await startRunning(guest, { linux: { Resources: { Memory: { Limit } } } });
    const { containerId } = container;
    const { cgroupStats } = await guest.agent.statsContainer({ containerId });
    expect(cgroupStats?.memoryStats?.usage?.limit).toBe(String(Limit));
    const [event, said] = await Promise.all([
      guest.agent.getOOMEvent({}, within('process')),
      // tail buffers a line until it is complete, and this line never ends.
      execSays(guest, container, ['sh', '-c', 'tail /dev/zero; echo "ended with $?"']),
    ]);
    expect(event).toEqual({ containerId });
    expect(said).toBe(`ended with ${128 + SIGKILL}\n`);
  });

  test('CreateContainer with a pids limit makes further forks of a shell fail', async ({ guest, startRunning }) => {
    const Limit = 24;
    const args = ['sh', '-c', `i=0; while [ $i -lt ${Limit} ]; do sleep 3600 & i=$((i+1)); done`];
    const { containerId } = await startRunning(guest, { args, linux: { Resources: { Pids: { Limit } } } });
    expect(await readAll(guest, 'stderr', containerId, containerId)).toContain("can't fork");
  });
});

const SAYS_STATUS = { args: ['cat', '/proc/self/status'] };

/** Returns everything that the first process of a container prints on stdout. */
function saidBy(guest: Guest, { containerId }: RunningContainer): Promise<string> {
  return readAll(guest, 'stdout', containerId, containerId);
}

/** Runs a process in a container and returns everything that it prints on stdout. */
async function execSays(
  guest: Guest,
  container: RunningContainer,
  args: readonly string[],
  process: ProcessFields = {},
): Promise<string> {
  const execId = await container.exec(args, { process });
  return readAll(guest, 'stdout', container.containerId, execId);
}

/** Fields of /proc/PID/status by name. */
type Status = Readonly<Record<string, string>>;

/** Parses the output of a container that runs {@link SAYS_STATUS}. */
async function statusOf(guest: Guest, container: RunningContainer): Promise<Status> {
  return parsed(await saidBy(guest, container));
}

function parsed(status: string): Status {
  const lines = status.matchAll(/^(\w+):(.*)$/gm);
  return Object.fromEntries([...lines].map(([, key = '', value = '']) => [key, value.trim().replace(/\s+/g, ' ')]));
}

/** Capability fields of /proc/PID/status for a process with exactly these capabilities. */
function setsOf(capabilities: readonly string[]): Status {
  const mask = capabilities.reduce((bits, name) => bits | (1n << BigInt(BITS[name] ?? Number.NaN)), 0n);
  const set = mask.toString(16).padStart(16, '0');
  return { CapBnd: set, CapEff: set, CapPrm: set };
}

/** CPU time that a container has used, in nanoseconds. */
async function usedNs(guest: Guest, { containerId }: RunningContainer): Promise<number> {
  const { cgroupStats } = await guest.agent.statsContainer({ containerId });
  return Number(cgroupStats?.cpuStats?.cpuUsage?.totalUsage);
}

/** Number of periods in which a container was throttled by its CPU quota. */
async function throttled(guest: Guest, { containerId }: RunningContainer): Promise<number> {
  const { cgroupStats } = await guest.agent.statsContainer({ containerId });
  return Number(cgroupStats?.cpuStats?.throttlingData?.throttledPeriods);
}

async function untilThrottled(
  guest: Guest,
  container: RunningContainer,
  { timeoutMs: timeout }: { readonly timeoutMs: number },
): Promise<void> {
  await expect.poll(() => throttled(guest, container), { timeout }).toBeGreaterThan(0);
}
