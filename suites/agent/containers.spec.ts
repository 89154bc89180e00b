import {
  containerSpec,
  createContainer,
  describe,
  expect,
  type Guest,
  IMAGE_VARIABLE,
  listDirectory,
  readAll,
  readUntil,
  test,
} from '../../fixtures/test.ts';

const SIGKILL = 9;
const SIGTERM = 15;
/** Exit code of a process that catches SIGTERM. */
const CAUGHT = 5;

/** Says the size of its terminal when a line is written to it, and ends with another. */
const SAYS_SIZE = ['sh', '-c', 'echo ready; read -r x; echo "size $(stty size)."; read -r x; exit 3'];

/** To run in its own bundle: of the image that the other containers are of, agents take the bundle that was pulled last. */
const OTHER_IMAGE = 'pause';

describe('a container of an image', { tags: ['containers'] }, () => {
  test('runs in the bundle it was pulled into: a new process in the guest', { tags: ['guest-pull-skopeo'] }, async ({
    guest,
    pull,
    target,
  }) => {
    const { containerId } = await pull(guest, OTHER_IMAGE);
    const execId = containerId;
    const marker = `sleep 31${process.pid}`;
    await guest.agent.createContainer({
      containerId,
      execId,
      OCI: containerSpec(containerId, { args: ['sh', '-c', `echo up; exec ${marker}`] }),
    });
    expect(await processes(guest)).not.toContain(marker);
    await guest.agent.startContainer({ containerId });
    expect((await guest.agent.readStdout({ containerId, execId, len: 100 })).data.toString()).toBe('up\n');
    // It says so before it becomes the program to be looked for.
    await expect.poll(() => processes(guest), { timeout: 5_000 * target.slow }).toContain(marker);
  });

  test('is a new process in the guest once it is started', async ({ guest, newId, target }) => {
    const containerId = newId();
    const marker = `sleep 32${process.pid}`;
    await createContainer(guest, containerId, { args: ['sh', '-c', `echo up; exec ${marker}`] });
    expect(await processes(guest)).not.toContain(marker);
    await guest.agent.startContainer({ containerId });
    await readUntil(guest, 'up\n', containerId, containerId);
    await expect.poll(() => processes(guest), { timeout: 5_000 * target.slow }).toContain(marker);
  });

  // Main's leaves that to the runtime, which asks for it.
  test('has the environment of its image beside that of the request', { tags: ['guest-pull-skopeo'] }, async ({
    guest,
    newId,
  }) => {
    const said = await environmentOf(guest, newId());
    expect(said).toEqual(expect.arrayContaining(['ASKED=for', IMAGE_VARIABLE]));
  });

  test('has the environment of the request, and not of its image', { tags: ['guest-pull-storage'] }, async ({
    guest,
    newId,
  }) => {
    const said = await environmentOf(guest, newId());
    expect(said).toContain('ASKED=for');
    expect(said).not.toContain(IMAGE_VARIABLE);
  });

  test('ends with the exit code of its process', async ({ guest, newId }) => {
    const containerId = newId();
    await createContainer(guest, containerId, { args: ['sh', '-c', 'exit 42'] });
    await guest.agent.startContainer({ containerId });
    expect(await guest.agent.waitProcess({ containerId, execId: containerId })).toEqual({ status: 42 });
  });

  test('is removed with everything it left', async ({ guest, newId, target, words }) => {
    const containerId = newId();
    await createContainer(guest, containerId);
    await guest.agent.startContainer({ containerId });
    expect(await listDirectory(guest, `/run/kata-containers/${containerId}`)).toEqual(
      expect.arrayContaining(['rootfs']),
    );
    await guest.agent.signalProcess({ containerId, execId: '', signal: SIGKILL });
    await guest.agent.waitProcess({ containerId, execId: containerId });
    await guest.agent.removeContainer({ containerId });
    expect(await listDirectory(guest, `/run/kata-containers/${containerId}`)).toBeUndefined();
    // Of a container that has ended, and is still known, start is never answered.
    const timeoutMs = 5_000 * target.slow;
    await expect(guest.agent.startContainer({ containerId }, { timeoutMs })).rejects.toMatchObject(
      words.internal('Invalid container id'),
    );
  });

  // The agent of this generation unmounts a root it never mounted. Fixed upstream later; until then this is what is.
  test('cannot be removed when it runs in the bundle itself', { tags: ['guest-pull-skopeo'] }, async ({
    guest,
    pull,
  }) => {
    const { containerId } = await pull(guest, OTHER_IMAGE);
    await guest.agent.createContainer({ containerId, execId: containerId, OCI: containerSpec(containerId) });
    await expect(guest.agent.removeContainer({ containerId })).rejects.toMatchObject({
      code: 'internal',
      details: 'EINVAL: Invalid argument',
    });
  });

  test('sees its own host name, its own root, and no processes but its own', async ({ guest, newId }) => {
    const containerId = newId();
    await createContainer(guest, containerId, { args: ['sh', '-c', 'uname -n; ps -o args; echo; ls /'] });
    await guest.agent.startContainer({ containerId });
    const said = (await readAll(guest, 'stdout', containerId, containerId)).trim();
    const [[hostname, , ...seen] = [], root = []] = said.split('\n\n').map((part) => part.split('\n'));
    // Where Kata's shim has created the sandbox, its containers share its host name.
    expect(hostname).toBe(guest.sharedHostname ?? containerId);
    // The shell and what it has started, which is busybox too.
    expect(seen).toEqual([expect.stringMatching(/^sh -c uname/), expect.stringMatching(/ps -o args/)]);
    expect(root).toEqual(expect.arrayContaining(['bin', 'etc', 'tmp']));
    expect(root).not.toContain('usr');
  });

  test('gets the environment it was given', async ({ guest, newId }) => {
    const containerId = newId();
    await createContainer(guest, containerId, { args: ['sh', '-c', 'echo $COLOUR'], env: ['COLOUR=blue'] });
    await guest.agent.startContainer({ containerId });
    expect(await readAll(guest, 'stdout', containerId, containerId)).toBe('blue\n');
  });
});

describe('a process', { tags: ['containers'] }, () => {
  test('run by exec writes to two streams and exits with its code', async ({ guest, running }) => {
    const process = await running.exec(['sh', '-c', 'echo out; echo err >&2; exit 7']);
    expect(await readAll(guest, 'stdout', running.containerId, process)).toBe('out\n');
    expect(await readAll(guest, 'stderr', running.containerId, process)).toBe('err\n');
    expect(await running.wait(process)).toBe(7);
  });

  test('reads what is written to it, until its input is closed', async ({ guest, running }) => {
    const { containerId } = running;
    const execId = await running.exec(['cat']);
    expect(await guest.agent.writeStdin({ containerId, execId, data: Buffer.from('one\n') })).toEqual({ len: 4 });
    await guest.agent.writeStdin({ containerId, execId, data: Buffer.from('two\n') });
    await guest.agent.closeStdin({ containerId, execId });
    expect(await readAll(guest, 'stdout', containerId, execId)).toBe('one\ntwo\n');
    expect(await running.wait(execId)).toBe(0);
  });

  test('can write a megabyte, all of which is read', async ({ guest, running }) => {
    const execId = await running.exec(['sh', '-c', 'yes 0123456 | head -c 1048576']);
    const said = await readAll(guest, 'stdout', running.containerId, execId);
    // Not by toBe, which would print both.
    const asWritten = said === '0123456\n'.repeat(131_072);
    expect({ length: said.length, asWritten }).toEqual({ length: 1_048_576, asWritten: true });
  });

  test('is read in pieces no longer than asked for', async ({ guest, running }) => {
    const execId = await running.exec(['echo', 'abcdef']);
    const { containerId } = running;
    const first = await guest.agent.readStdout({ containerId, execId, len: 2 });
    expect(first.data.toString()).toBe('ab');
    expect(await readAll(guest, 'stdout', containerId, execId)).toBe('cdef\n');
  });

  test('on a terminal sees the size that TtyWinResize gave it', async ({ guest, running }) => {
    const { containerId } = running;
    const execId = await running.exec(SAYS_SIZE, { terminal: true });
    await readUntil(guest, 'ready', containerId, execId);
    await guest.agent.ttyWinResize({ containerId, execId, row: 33, column: 77 });
    expect(await sizeSaid(guest, containerId, execId)).toBe('33 77');
    expect(await running.wait(execId)).toBe(3);
  });

  test('on a terminal sees the size that TtyWinResize gave it between create and start', async ({ guest, newId }) => {
    const containerId = newId();
    await createContainer(guest, containerId, { args: SAYS_SIZE, terminal: true });
    await guest.agent.ttyWinResize({ containerId, execId: containerId, row: 44, column: 88 });
    await guest.agent.startContainer({ containerId });
    expect(await sizeSaid(guest, containerId, containerId)).toBe('44 88');
  });

  test('without a terminal has none to be resized', async ({ guest, running, words }) => {
    const { containerId } = running;
    const execId = await running.exec(['sleep', '100']);
    await expect(guest.agent.ttyWinResize({ containerId, execId, row: 1, column: 1 })).rejects.toMatchObject(
      words.noTerminal,
    );
  });

  test.for([1, 9, 15])('ended by signal %i says so', async (signal, { guest, running, words }) => {
    const { containerId } = running;
    const execId = await running.exec(['sleep', '100']);
    await guest.agent.signalProcess({ containerId, execId, signal });
    expect(await running.wait(execId)).toBe(words.exitOfSignal(signal));
  });

  test('that is the first of its container and does not catch SIGTERM gets SIGKILL instead', async ({
    guest,
    running,
    words,
  }) => {
    const { containerId } = running;
    await guest.agent.signalProcess({ containerId, execId: '', signal: SIGTERM });
    expect(await running.wait(containerId)).toBe(words.exitOfSignal(SIGKILL));
  });

  // The agent of this generation fails to parse SigCgt in /proc/<pid>/status (a tab before the mask), so it takes every
  // first process for one that does not catch SIGTERM.
  test('that is the first of its container and catches SIGTERM gets SIGKILL all the same', {
    tags: ['guest-pull-skopeo'],
  }, async ({ guest, newId }) => {
    expect(await exitOfCatcher(guest, newId())).toEqual({ status: SIGKILL });
  });

  test('that is the first of its container and catches SIGTERM gets it', { tags: ['guest-pull-storage'] }, async ({
    guest,
    newId,
  }) => {
    expect(await exitOfCatcher(guest, newId())).toEqual({ status: CAUGHT });
  });

  test('that somebody has waited for is known no longer', async ({ guest, running, words }) => {
    const { containerId } = running;
    const execId = await running.exec(['true']);
    expect(await running.wait(execId)).toBe(0);
    await expect(guest.agent.waitProcess({ containerId, execId })).rejects.toMatchObject(words.noProcess.wait);
  });
});

describe('a running container', { tags: ['containers'] }, () => {
  test('has statistics that grow with its work', async ({ guest, running }) => {
    const { containerId } = running;
    const before = await guest.agent.statsContainer({ containerId });
    const execId = await running.exec(['sh', '-c', 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done']);
    await running.wait(execId);
    const after = await guest.agent.statsContainer({ containerId });
    expect(cpuTime(after)).toBeGreaterThan(cpuTime(before));
    expect(Number(after.cgroupStats?.memoryStats?.usage?.usage)).toBeGreaterThan(0);
    expect(Number(after.cgroupStats?.pidsStats?.current)).toBeGreaterThan(0);
  });

  test('does nothing while it is paused, and goes on when it is resumed', async ({ guest, newId, words }) => {
    const containerId = newId();
    await createContainer(guest, containerId, { args: ['sh', '-c', 'while :; do echo tick; sleep 0.01; done'] });
    await guest.agent.startContainer({ containerId });
    await guest.agent.readStdout({ containerId, execId: containerId, len: 5 });
    let last = Number.NaN;
    const workedSince = async (): Promise<number> => {
      const before = last;
      last = cpuTime(await guest.agent.statsContainer({ containerId }));
      return last - before;
    };
    await guest.agent.pauseContainer({ containerId });
    // Kata's agent tells the kernel to freeze it, and does not wait until it is frozen.
    await expect.poll(workedSince, { interval: 100, timeout: 5_000 }).toBe(0);
    await expect(guest.agent.pauseContainer({ containerId })).rejects.toMatchObject(
      words.internal('failed to pause container: current status is: Paused'),
    );
    expect(await workedSince()).toBe(0);
    await guest.agent.resumeContainer({ containerId });
    await expect(guest.agent.resumeContainer({ containerId })).rejects.toMatchObject(
      words.internal('container status is: Running, not paused'),
    );
    // What it ticked before is still to be read: that it works is seen by its processor time.
    await expect.poll(workedSince, { interval: 100, timeout: 5_000 }).toBeGreaterThan(0);
    // It would tick beside every test that follows.
    await guest.agent.signalProcess({ containerId, execId: '', signal: SIGKILL });
  });

  test('can be given another memory limit', async ({ guest, running }) => {
    const { containerId } = running;
    await guest.agent.updateContainer({ containerId, resources: { Memory: { Limit: 64 * 2 ** 20 } } });
    const { cgroupStats } = await guest.agent.statsContainer({ containerId });
    expect(cgroupStats?.memoryStats?.usage?.limit).toBe(String(64 * 2 ** 20));
  });
});

describe('calls out of order or for nothing', { tags: ['agent-rpc'] }, () => {
  test('start before create', async ({ guest, newId, words }) => {
    await expect(guest.agent.startContainer({ containerId: newId() })).rejects.toMatchObject(
      words.internal('Invalid container id'),
    );
  });

  test('create without a specification', async ({ guest, newId, words }) => {
    await expect(guest.agent.createContainer({ containerId: newId() })).rejects.toMatchObject(
      words.internal('EINVAL: Invalid argument'),
    );
  });

  test('create with a container id that is no id', async ({ guest, words }) => {
    const containerId = '../../etc';
    await expect(
      guest.agent.createContainer({ containerId, execId: containerId, OCI: containerSpec('x1') }),
    ).rejects.toMatchObject(words.noContainerId(containerId));
  });

  test('create without a bundle', async ({ guest, newId, words }) => {
    const containerId = newId();
    await expect(
      guest.agent.createContainer({ containerId, execId: containerId, OCI: containerSpec(containerId) }),
    ).rejects.toMatchObject(words.noBundle(containerId));
  });

  test('create twice under one id', { tags: ['containers'] }, async ({ guest, newId, words }) => {
    const containerId = newId();
    await createContainer(guest, containerId);
    await expect(createContainer(guest, containerId)).rejects.toMatchObject(words.internal('exec fifo exists'));
  });

  // Main's agent undoes what it began for a create it refuses, and takes what was there under that id for it.
  test('create under the id of a running container ends that', { tags: ['guest-pull-storage'] }, async ({
    guest,
    running,
    words,
  }) => {
    await expect(createContainer(guest, running.containerId)).rejects.toMatchObject(words.internal('exec fifo exists'));
    await expect(running.exec(['true'])).rejects.toMatchObject(words.internal('Invalid container id'));
  });

  test('create with a program that is not there', { tags: ['containers'] }, async ({ guest, newId, words }) => {
    await expect(createContainer(guest, newId(), { args: ['/nosuch'] })).rejects.toMatchObject(
      words.internal('the file /nosuch was not found'),
    );
  });

  test('exec of a program that is not there', { tags: ['containers'] }, async ({ running, words }) => {
    await expect(running.exec(['/nosuch'])).rejects.toMatchObject(words.internal('the file /nosuch was not found'));
  });

  test('exec of nothing', { tags: ['containers'] }, async ({ guest, running, words }) => {
    await expect(
      guest.agent.execProcess({ containerId: running.containerId, execId: 'nothing' }),
    ).rejects.toMatchObject(words.execOfNothing);
  });

  test('exec once the container has ended', { tags: ['containers'] }, async ({ guest, running, words }) => {
    const { containerId } = running;
    await guest.agent.signalProcess({ containerId, execId: '', signal: SIGKILL });
    await running.wait(containerId);
    await expect(running.exec(['true'])).rejects.toMatchObject(words.execInEnded);
  });

  test('exec once the container is removed', { tags: ['containers'] }, async ({ guest, running, words }) => {
    const { containerId } = running;
    await guest.agent.removeContainer({ containerId });
    await expect(running.exec(['true'])).rejects.toMatchObject(words.internal('Invalid container id'));
  });

  test('read, write, wait, signal, close and resize of a process that is not there', {
    tags: ['containers'],
  }, async ({ guest, running, words: { noProcess } }) => {
    const { containerId } = running;
    const nobody = { containerId, execId: 'nobody' };
    await expect(guest.agent.readStdout({ ...nobody, len: 1 })).rejects.toMatchObject(noProcess.read);
    await expect(guest.agent.readStderr({ ...nobody, len: 1 })).rejects.toMatchObject(noProcess.read);
    const data = Buffer.from('x');
    await expect(guest.agent.writeStdin({ ...nobody, data })).rejects.toMatchObject(noProcess.write);
    await expect(guest.agent.waitProcess(nobody)).rejects.toMatchObject(noProcess.wait);
    const signal = SIGTERM;
    await expect(guest.agent.signalProcess({ ...nobody, signal })).rejects.toMatchObject(noProcess.signal);
    await expect(guest.agent.closeStdin(nobody)).rejects.toMatchObject(noProcess.close);
    const size = { row: 1, column: 1 };
    await expect(guest.agent.ttyWinResize({ ...nobody, ...size })).rejects.toMatchObject(noProcess.resize);
  });

  test('stats, update, pause and resume of a container that is not there', async ({
    guest,
    newId,
    words: { noContainer },
  }) => {
    const containerId = newId();
    await expect(guest.agent.statsContainer({ containerId })).rejects.toMatchObject(noContainer);
    await expect(guest.agent.updateContainer({ containerId })).rejects.toMatchObject(noContainer);
    await expect(guest.agent.pauseContainer({ containerId })).rejects.toMatchObject(noContainer);
    await expect(guest.agent.resumeContainer({ containerId })).rejects.toMatchObject(noContainer);
  });

  test('the agent answers Check after calls that it has rejected', async ({ guest, newId, words }) => {
    const containerId = newId();
    const { agent } = guest;
    const rejected = await Promise.allSettled([
      agent.startContainer({ containerId }),
      agent.createContainer({ containerId }),
      agent.createContainer({ containerId: '../../etc', OCI: containerSpec('x1') }),
      agent.execProcess({ containerId, execId: 'x1' }),
      agent.removeContainer({ containerId }),
      agent.statsContainer({ containerId }),
    ]);
    expect(rejected).toMatchObject([
      { reason: words.internal('Invalid container id') },
      { reason: words.internal('EINVAL: Invalid argument') },
      { reason: words.noContainerId('../../etc') },
      { reason: words.execOfNothing },
      { reason: words.internal('Invalid container id') },
      { reason: words.noContainer },
    ]);
    expect(await agent.check({})).toEqual({ status: 'SERVING' });
  });
});

/** What a first process that catches SIGTERM ends with when it is sent it. */
async function exitOfCatcher(guest: Guest, containerId: string): Promise<{ status: number }> {
  await createContainer(guest, containerId, {
    args: ['sh', '-c', `trap "exit ${CAUGHT}" TERM; echo ready; while :; do sleep 0.05; done`],
  });
  await guest.agent.startContainer({ containerId });
  await guest.agent.readStdout({ containerId, execId: containerId, len: 100 });
  await guest.agent.signalProcess({ containerId, execId: '', signal: SIGTERM });
  return guest.agent.waitProcess({ containerId, execId: containerId });
}

/** Of a process of {@link SAYS_SIZE}: rows and columns of its terminal. It ends then. */
async function sizeSaid(guest: Guest, containerId: string, execId: string): Promise<string | undefined> {
  await guest.agent.writeStdin({ containerId, execId, data: Buffer.from('\n') });
  // Read before it ends: a terminal that is closed takes with it what nobody has read.
  const said = await readUntil(guest, '.', containerId, execId);
  await guest.agent.writeStdin({ containerId, execId, data: Buffer.from('\n') });
  return /size ([\d ]+)\./.exec(said)?.[1];
}

/** The environment of a container that was asked for with `ASKED=for`. */
async function environmentOf(guest: Guest, containerId: string): Promise<string[]> {
  await createContainer(guest, containerId, { args: ['env'], env: ['ASKED=for'] });
  await guest.agent.startContainer({ containerId });
  return (await readAll(guest, 'stdout', containerId, containerId)).split('\n');
}

async function processes(guest: Guest): Promise<string> {
  return (await guest.run(['ps', 'ax', '-o', 'args'])).stdout;
}

function cpuTime(stats: {
  cgroupStats: { cpuStats: { cpuUsage: { totalUsage: string } | null } | null } | null;
}): number {
  return Number(stats.cgroupStats?.cpuStats?.cpuUsage?.totalUsage);
}
