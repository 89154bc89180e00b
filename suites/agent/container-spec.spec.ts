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

// What CreateContainer and ExecProcess ask for, seen from inside the container: that a field is accepted shows nothing.

const SIGKILL = 9;

/** Limits that no process has by itself. Not of open files: programs in Go raise theirs. */
const CORE = { Type: 'RLIMIT_CORE', Soft: 4_096, Hard: 8_192 };

/** A user and groups that no image knows. */
const USER = { UID: 1234, GID: 5678, AdditionalGids: [91, 92] };

/** A tenth of a processor. */
const TENTH = { Quota: 10_000, Period: 100_000 };

const ONE_CAPABILITY = { Bounding: ['CAP_KILL'], Effective: ['CAP_KILL'], Permitted: ['CAP_KILL'] };

/** Bits of capabilities in /proc/PID/status. Source: linux/capability.h. */
const BITS: Readonly<Record<string, number>> = {
  CAP_KILL: 5,
  CAP_SETGID: 6,
  CAP_SETUID: 7,
  CAP_NET_BIND_SERVICE: 10,
  CAP_AUDIT_WRITE: 29,
};

describe('the process that CreateContainer is given', { tags: ['containers'] }, () => {
  test('runs as its user, group and additional groups', async ({ guest, startRunning }) => {
    const status = await statusOf(guest, await startRunning(guest, { ...SAYS_STATUS, process: { User: USER } }));
    expect(status).toMatchObject({ Uid: '1234 1234 1234 1234', Gid: '5678 5678 5678 5678', Groups: '91 92' });
  });

  test('runs as root when it is given no user', async ({ guest, startRunning }) => {
    const status = await statusOf(guest, await startRunning(guest, SAYS_STATUS));
    expect(status).toMatchObject({ Uid: '0 0 0 0', Gid: '0 0 0 0', Groups: '' });
  });

  test('runs in its working directory, which the agent creates', async ({ guest, newId, startRunning }) => {
    const Cwd = `/of-${newId()}/below`;
    const container = await startRunning(guest, { args: ['sh', '-c', 'pwd'], process: { Cwd } });
    expect(await saidBy(guest, container)).toBe(`${Cwd}\n`);
  });

  test('has its resource limits, and so has a process of ExecProcess', async ({ guest, startRunning }) => {
    const container = await startRunning(guest, { process: { Rlimits: [CORE] } });
    const limits = await execSays(guest, container, ['cat', '/proc/1/limits', '/proc/self/limits']);
    const row = /^Max core file size +(\d+) +(\d+)/gm;
    expect([...limits.matchAll(row)].map(([, soft, hard]) => [soft, hard])).toEqual([
      ['4096', '8192'],
      ['4096', '8192'],
    ]);
  });

  test('has the capabilities of its bounding, effective and permitted set and no others', async ({
    guest,
    startRunning,
  }) => {
    const all = await statusOf(guest, await startRunning(guest, SAYS_STATUS));
    expect(all).toMatchObject(setsOf(CAPABILITIES));
    const process = { Capabilities: ONE_CAPABILITY };
    const one = await statusOf(guest, await startRunning(guest, { ...SAYS_STATUS, process }));
    expect(one).toMatchObject(setsOf(['CAP_KILL']));
  });

  test('is refused without capabilities', async ({ guest, newId, words }) => {
    await expect(createContainer(guest, newId(), { process: { Capabilities: null } })).rejects.toMatchObject(
      words.internal('missing process capabilities'),
    );
  });

  test('can gain no privileges when NoNewPrivileges is set, and can otherwise', async ({ guest, startRunning }) => {
    const status = async (NoNewPrivileges: boolean): Promise<Status> =>
      statusOf(guest, await startRunning(guest, { ...SAYS_STATUS, process: { NoNewPrivileges } }));
    expect((await status(true))['NoNewPrivs']).toBe('1');
    expect((await status(false))['NoNewPrivs']).toBe('0');
  });

  test('has its OOM score', async ({ guest, startRunning }) => {
    const args = ['cat', '/proc/self/oom_score_adj'];
    expect(await saidBy(guest, await startRunning(guest, { args, process: { OOMScoreAdj: 321 } }))).toBe('321\n');
  });
});

describe('the process that ExecProcess is given', { tags: ['containers'] }, () => {
  test('runs as its user, group and additional groups', async ({ guest, running }) => {
    const said = await execSays(guest, running, ['cat', '/proc/self/status'], { User: USER });
    expect(parsed(said)).toMatchObject({ Uid: '1234 1234 1234 1234', Gid: '5678 5678 5678 5678', Groups: '91 92' });
  });

  test('runs in its working directory with its environment', async ({ guest, running }) => {
    const process = { Cwd: '/etc', Env: ['PATH=/bin', 'COLOUR=blue'] };
    expect(await execSays(guest, running, ['sh', '-c', 'pwd; echo $COLOUR'], process)).toBe('/etc\nblue\n');
  });

  test('has the capabilities of its container unless it is given others', async ({ guest, running }) => {
    const inherited = await execSays(guest, running, ['cat', '/proc/self/status']);
    expect(parsed(inherited)).toMatchObject(setsOf(CAPABILITIES));
    const given = await execSays(guest, running, ['cat', '/proc/self/status'], { Capabilities: ONE_CAPABILITY });
    expect(parsed(given)).toMatchObject(setsOf(['CAP_KILL']));
  });
});

describe('the root file system that CreateContainer is given', { tags: ['containers'] }, () => {
  const written = (path: string) => ({ args: ['sh', '-c', `echo x >${path}; cat ${path}`] });

  test('cannot be written to when it is read-only', async ({ guest, newId, startRunning }) => {
    const path = `/of-${newId()}`;
    const { containerId } = await startRunning(guest, { ...written(path), readonlyRoot: true });
    expect(await readAll(guest, 'stderr', containerId, containerId)).toContain(
      `can't create ${path}: Read-only file system`,
    );
  });

  test('can be written to otherwise', async ({ guest, newId, startRunning }) => {
    expect(await saidBy(guest, await startRunning(guest, written(`/of-${newId()}`)))).toBe('x\n');
  });

  test('shows a masked path as empty, and a read-only path cannot be written to', async ({
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

  test('shows what is not masked, and lets a path that is not read-only be written to', async ({
    guest,
    newId,
    startRunning,
  }) => {
    const args = ['sh', '-c', `cat /etc/passwd; cd /tmp && echo x >of-${newId()} && echo written`];
    expect(await saidBy(guest, await startRunning(guest, { args }))).toBe('root:x:0:0:root:/root:/bin/sh\nwritten\n');
  });
});

describe('the resources that CreateContainer is given', { tags: ['containers'] }, () => {
  const busy = { args: ['sh', '-c', 'while :; do :; done'] };

  test('limit the processor: a quota throttles a process that is busy', async ({ guest, startRunning, target }) => {
    const container = await startRunning(guest, { ...busy, linux: { Resources: { CPU: TENTH } } });
    await untilThrottled(guest, container, target.slow);
  });

  test('limit the processor when UpdateContainer gives a quota, and not before', async ({
    guest,
    startRunning,
    target,
  }) => {
    const container = await startRunning(guest, busy);
    const { containerId } = container;
    await expect.poll(() => usedNs(guest, container), { timeout: 10_000 * target.slow }).toBeGreaterThan(200_000_000);
    expect(await throttled(guest, container)).toBe(0);
    await guest.agent.updateContainer({ containerId, resources: { CPU: TENTH } });
    await untilThrottled(guest, container, target.slow);
  });

  // In a guest of its own: an event that is not asked for waits for the next test that asks.
  test('limit memory: a process that wants more is killed, and GetOOMEvent names its container', {
    tags: ['guest-exit'],
  }, async ({ launch, startRunning, target }) => {
    const guest = await launch();
    const Limit = 32 * 2 ** 20;
    await startRunning(guest);
    const container = await startRunning(guest, { linux: { Resources: { Memory: { Limit } } } });
    const { containerId } = container;
    const { cgroupStats } = await guest.agent.statsContainer({ containerId });
    expect(cgroupStats?.memoryStats?.usage?.limit).toBe(String(Limit));
    const [event, said] = await Promise.all([
      guest.agent.getOOMEvent({}, { timeoutMs: 20_000 * target.slow }),
      // tail keeps a line until it has all of it, and this one has no end.
      execSays(guest, container, ['sh', '-c', 'tail /dev/zero; echo "ended with $?"']),
    ]);
    expect(event).toEqual({ containerId });
    expect(said).toBe(`ended with ${128 + SIGKILL}\n`);
  });

  test('limit processes: a shell cannot fork more than so many', async ({ guest, startRunning }) => {
    const Limit = 24;
    const args = ['sh', '-c', `i=0; while [ $i -lt ${Limit} ]; do sleep 3600 & i=$((i+1)); done`];
    const { containerId } = await startRunning(guest, { args, linux: { Resources: { Pids: { Limit } } } });
    expect(await readAll(guest, 'stderr', containerId, containerId)).toContain("can't fork");
  });
});

const SAYS_STATUS = { args: ['cat', '/proc/self/status'] };

/** What a container's first process prints until it ends. */
function saidBy(guest: Guest, { containerId }: RunningContainer): Promise<string> {
  return readAll(guest, 'stdout', containerId, containerId);
}

/** What a process that is started in a container prints until it ends. */
async function execSays(
  guest: Guest,
  container: RunningContainer,
  args: readonly string[],
  process: ProcessFields = {},
): Promise<string> {
  const execId = await container.exec(args, { process });
  return readAll(guest, 'stdout', container.containerId, execId);
}

/** Fields of /proc/PID/status. */
type Status = Readonly<Record<string, string>>;

/** The same of a container of {@link SAYS_STATUS}. */
async function statusOf(guest: Guest, container: RunningContainer): Promise<Status> {
  return parsed(await saidBy(guest, container));
}

function parsed(status: string): Status {
  const lines = status.matchAll(/^(\w+):(.*)$/gm);
  return Object.fromEntries([...lines].map(([, key = '', value = '']) => [key, value.trim().replace(/\s+/g, ' ')]));
}

/** What the status of a process says that has these capabilities and no others. */
function setsOf(capabilities: readonly string[]): Status {
  const mask = capabilities.reduce((bits, name) => bits | (1n << BigInt(BITS[name] ?? Number.NaN)), 0n);
  const set = mask.toString(16).padStart(16, '0');
  return { CapBnd: set, CapEff: set, CapPrm: set };
}

/** Nanoseconds of processor time. */
async function usedNs(guest: Guest, { containerId }: RunningContainer): Promise<number> {
  const { cgroupStats } = await guest.agent.statsContainer({ containerId });
  return Number(cgroupStats?.cpuStats?.cpuUsage?.totalUsage);
}

/** In how many periods it wanted more of the processor than its quota. */
async function throttled(guest: Guest, { containerId }: RunningContainer): Promise<number> {
  const { cgroupStats } = await guest.agent.statsContainer({ containerId });
  return Number(cgroupStats?.cpuStats?.throttlingData?.throttledPeriods);
}

async function untilThrottled(guest: Guest, container: RunningContainer, slow: number): Promise<void> {
  await expect.poll(() => throttled(guest, container), { timeout: 10_000 * slow }).toBeGreaterThan(0);
}
