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
/** Exit code of a test process that catches SIGTERM. */
const CAUGHT = 5;

/** Command that prints the size of its terminal after a first input line and exits after a second one. */
const SAYS_SIZE = ['sh', '-c', 'echo ready; read -r x; echo "size $(stty size)."; read -r x; exit 3'];

/**
 * Image for containers that run in their own pulled bundle; it is not the one of other tests, because agents use the
 * latest bundle of an image that was pulled several times.
 */
const OTHER_IMAGE = 'pause';

describe('container of an image', { tags: ['containers'] }, () => {
  test('StartContainer starts a container created in the bundle of PullImage as a new process in the guest', {
    tags: ['guest-pull-skopeo'],
  }, async ({ guest, pull, within }) => {
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
    // The poll waits: the shell prints before it executes the program that the test looks for.
    await expect.poll(() => processes(guest), { timeout: within('process').timeoutMs }).toContain(marker);
  });

  test('StartContainer, and not CreateContainer, starts the process of a container in the guest', async ({
    guest,
    newId,
    within,
  }) => {
    const containerId = newId();
    const marker = `sleep 32${process.pid}`;
    await createContainer(guest, containerId, { args: ['sh', '-c', `echo up; exec ${marker}`] });
    expect(await processes(guest)).not.toContain(marker);
    await guest.agent.startContainer({ containerId });
    await readUntil(guest, 'up\n', containerId, containerId);
    await expect.poll(() => processes(guest), { timeout: within('process').timeoutMs }).toContain(marker);
  });

  // The tag excludes agents of main, which leave that to Kata's runtime: it adds the environment to the request.
  test('CreateContainer adds the environment of the image to that of the request', {
    tags: ['guest-pull-skopeo'],
  }, async ({ guest, newId }) => {
    const said = await environmentOf(guest, newId());
    expect(said).toEqual(expect.arrayContaining(['ASKED=for', IMAGE_VARIABLE]));
  });

  test('CreateContainer takes the environment from the request alone, and not from the image', {
    tags: ['guest-pull-storage'],
  }, async ({ guest, newId }) => {
    const said = await environmentOf(guest, newId());
    expect(said).toContain('ASKED=for');
    expect(said).not.toContain(IMAGE_VARIABLE);
  });

  test('WaitProcess returns the exit code of the first process of a container', async ({ guest, newId }) => {
    const containerId = newId();
    await createContainer(guest, containerId, { args: ['sh', '-c', 'exit 42'] });
    await guest.agent.startContainer({ containerId });
    expect(await guest.agent.waitProcess({ containerId, execId: containerId })).toEqual({ status: 42 });
  });

  test('RemoveContainer deletes the directory of a container, and its id is unknown afterwards', async ({
    guest,
    newId,
    within,
    expectedErrors,
  }) => {
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
    // StartContainer of an ended container whose id is still known is never answered.
    await expect(guest.agent.startContainer({ containerId }, within('quick-rpc'))).rejects.toMatchObject(
      expectedErrors.internal('Invalid container id'),
    );
  });

  // An agent of generation skopeo unmounts a root file system that it never mounted, and this spec records that; in later
  // agents of upstream it is fixed.
  test('RemoveContainer of a container that runs in the bundle of PullImage itself fails with EINVAL', {
    tags: ['guest-pull-skopeo'],
  }, async ({ guest, pull }) => {
    const { containerId } = await pull(guest, OTHER_IMAGE);
    await guest.agent.createContainer({ containerId, execId: containerId, OCI: containerSpec(containerId) });
    await expect(guest.agent.removeContainer({ containerId })).rejects.toMatchObject({
      code: 'internal',
      details: 'EINVAL: Invalid argument',
    });
  });

  test('a container sees its own host name, its own root file system and only its own processes', async ({
    guest,
    newId,
  }) => {
    const containerId = newId();
    await createContainer(guest, containerId, { args: ['sh', '-c', 'uname -n; ps -o args; echo; ls /'] });
    await guest.agent.startContainer({ containerId });
    const said = (await readAll(guest, 'stdout', containerId, containerId)).trim();
    const [[hostname, , ...seen] = [], root = []] = said.split('\n\n').map((part) => part.split('\n'));
    // Containers of a sandbox created by Kata's shim share the host name of that sandbox.
    expect(hostname).toBe(guest.sharedHostname ?? containerId);
    // The processes are the shell and the ps that it started, which is busybox too.
    expect(seen).toEqual([expect.stringMatching(/^sh -c uname/), expect.stringMatching(/ps -o args/)]);
    expect(root).toEqual(expect.arrayContaining(['bin', 'etc', 'tmp']));
    expect(root).not.toContain('usr');
  });

  test('CreateContainer sets the requested environment of its process', async ({ guest, newId }) => {
    const containerId = newId();
    await createContainer(guest, containerId, { args: ['sh', '-c', 'echo $COLOUR'], env: ['COLOUR=blue'] });
    await guest.agent.startContainer({ containerId });
    expect(await readAll(guest, 'stdout', containerId, containerId)).toBe('blue\n');
  });
});

describe('process of a container', { tags: ['containers'] }, () => {
  test('ExecProcess runs a process with separate stdout and stderr and the expected exit code', async ({
    guest,
    running,
  }) => {
    const process = await running.exec(['sh', '-c', 'echo out; echo err >&2; exit 7']);
    expect(await readAll(guest, 'stdout', running.containerId, process)).toBe('out\n');
    expect(await readAll(guest, 'stderr', running.containerId, process)).toBe('err\n');
    expect(await running.wait(process)).toBe(7);
  });

  test('WriteStdin passes data to a process, and CloseStdin ends its input', async ({ guest, running }) => {
    const { containerId } = running;
    const execId = await running.exec(['cat']);
    expect(await guest.agent.writeStdin({ containerId, execId, data: Buffer.from('one\n') })).toEqual({ len: 4 });
    await guest.agent.writeStdin({ containerId, execId, data: Buffer.from('two\n') });
    await guest.agent.closeStdin({ containerId, execId });
    expect(await readAll(guest, 'stdout', containerId, execId)).toBe('one\ntwo\n');
    expect(await running.wait(execId)).toBe(0);
  });

  test('CloseStdin ends the input of a process to which nothing was written', {
    tags: ['main-rpc', 'unused-stdin'],
  }, async ({ guest, running }) => {
    const { containerId } = running;
    const execId = await running.exec(['cat']);
    await guest.agent.closeStdin({ containerId, execId });
    expect(await running.wait(execId)).toBe(0);
  });

  test('ReadStdout returns all 1048576 bytes that a process writes', async ({ guest, running }) => {
    const execId = await running.exec(['sh', '-c', 'yes 0123456 | head -c 1048576']);
    const said = await readAll(guest, 'stdout', running.containerId, execId);
    // Compared outside toBe, which would print 1 MiB twice on a failure.
    const asWritten = said === '0123456\n'.repeat(131_072);
    expect({ length: said.length, asWritten }).toEqual({ length: 1_048_576, asWritten: true });
  });

  test('ReadStdout returns no more bytes than requested and the rest in later calls', async ({ guest, running }) => {
    const execId = await running.exec(['echo', 'abcdef']);
    const { containerId } = running;
    const first = await guest.agent.readStdout({ containerId, execId, len: 2 });
    expect(first.data.toString()).toBe('ab');
    expect(await readAll(guest, 'stdout', containerId, execId)).toBe('cdef\n');
  });

  test('TtyWinResize sets the terminal size that a running process sees', async ({ guest, running }) => {
    const { containerId } = running;
    const execId = await running.exec(SAYS_SIZE, { terminal: true });
    await readUntil(guest, 'ready', containerId, execId);
    await guest.agent.ttyWinResize({ containerId, execId, row: 33, column: 77 });
    expect(await sizeSaid(guest, containerId, execId)).toBe('33 77');
    expect(await running.wait(execId)).toBe(3);
  });

  test('TtyWinResize between CreateContainer and StartContainer sets the terminal size that the process sees', async ({
    guest,
    newId,
  }) => {
    const containerId = newId();
    await createContainer(guest, containerId, { args: SAYS_SIZE, terminal: true });
    await guest.agent.ttyWinResize({ containerId, execId: containerId, row: 44, column: 88 });
    await guest.agent.startContainer({ containerId });
    expect(await sizeSaid(guest, containerId, containerId)).toBe('44 88');
  });

  test('TtyWinResize of a process without a terminal is rejected', async ({ guest, running, expectedErrors }) => {
    const { containerId } = running;
    const execId = await running.exec(['sleep', '100']);
    await expect(guest.agent.ttyWinResize({ containerId, execId, row: 1, column: 1 })).rejects.toMatchObject(
      expectedErrors.noTerminal,
    );
  });

  test.for([1, 9, 15])(
    'WaitProcess of a process killed by signal %i returns the exit code for that signal',
    async (signal, { guest, running, expectedErrors }) => {
      const { containerId } = running;
      const execId = await running.exec(['sleep', '100']);
      await guest.agent.signalProcess({ containerId, execId, signal });
      expect(await running.wait(execId)).toBe(expectedErrors.exitOfSignal(signal));
    },
  );

  test('SignalProcess sends SIGKILL in place of SIGTERM if the init process of the container does not catch SIGTERM', async ({
    guest,
    running,
    expectedErrors,
  }) => {
    const { containerId } = running;
    await guest.agent.signalProcess({ containerId, execId: '', signal: SIGTERM });
    expect(await running.wait(containerId)).toBe(expectedErrors.exitOfSignal(SIGKILL));
  });

  // An agent of generation skopeo fails to parse SigCgt in /proc/<pid>/status (a tab before the mask), so it concludes
  // that no first process catches SIGTERM.
  test('SignalProcess sends SIGKILL in place of SIGTERM even if the init process of the container catches SIGTERM', {
    tags: ['guest-pull-skopeo'],
  }, async ({ guest, newId }) => {
    expect(await exitOfCatcher(guest, newId())).toEqual({ status: SIGKILL });
  });

  test('SignalProcess delivers SIGTERM if the init process of the container catches it', {
    tags: ['main-rpc', 'handled-signals'],
  }, async ({ guest, newId }) => {
    expect(await exitOfCatcher(guest, newId())).toEqual({ status: CAUGHT });
  });

  test('a second WaitProcess of an ended process fails because the first one removed it', async ({
    guest,
    running,
    expectedErrors,
  }) => {
    const { containerId } = running;
    const execId = await running.exec(['true']);
    expect(await running.wait(execId)).toBe(0);
    await expect(guest.agent.waitProcess({ containerId, execId })).rejects.toMatchObject(expectedErrors.noProcess.wait);
  });
});

describe('running container', { tags: ['containers'] }, () => {
  test('StatsContainer returns a CPU time that grows with work, a memory usage and a number of processes', async ({
    guest,
    running,
  }) => {
    const { containerId } = running;
    const before = await guest.agent.statsContainer({ containerId });
    const execId = await running.exec(['sh', '-c', 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done']);
    await running.wait(execId);
    const after = await guest.agent.statsContainer({ containerId });
    expect(cpuTime(after)).toBeGreaterThan(cpuTime(before));
    expect(Number(after.cgroupStats?.memoryStats?.usage?.usage)).toBeGreaterThan(0);
    expect(Number(after.cgroupStats?.pidsStats?.current)).toBeGreaterThan(0);
  });

  test('PauseContainer stops a container and ResumeContainer continues it; a repeated call of either is rejected', async ({
    guest,
    newId,
    expectedErrors,
    within,
  }) => {
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
    // The poll waits: Kata's agent makes the kernel freeze the container, but does not wait until it is frozen.
    await expect.poll(workedSince, { interval: 100, timeout: within('process').timeoutMs }).toBe(0);
    await expect(guest.agent.pauseContainer({ containerId })).rejects.toMatchObject(
      expectedErrors.internal('failed to pause container: current status is: Paused'),
    );
    expect(await workedSince()).toBe(0);
    await guest.agent.resumeContainer({ containerId });
    // Only the CPU time shows that the process works again, because its earlier output is still unread.
    await expect.poll(workedSince, { interval: 100, timeout: within('process').timeoutMs }).toBeGreaterThan(0);
    await expect(guest.agent.resumeContainer({ containerId })).rejects.toMatchObject(
      expectedErrors.internal('container status is: Running, not paused'),
    );
    // The process is killed: it would use CPU time during every later test in this guest.
    await guest.agent.signalProcess({ containerId, execId: '', signal: SIGKILL });
  });

  test('UpdateContainer changes the memory limit of a running container', async ({ guest, running }) => {
    const { containerId } = running;
    await guest.agent.updateContainer({ containerId, resources: { Memory: { Limit: 64 * 2 ** 20 } } });
    const { cgroupStats } = await guest.agent.statsContainer({ containerId });
    expect(cgroupStats?.memoryStats?.usage?.limit).toBe(String(64 * 2 ** 20));
  });
});

describe('calls out of order or with invalid arguments', { tags: ['agent-rpc'] }, () => {
  test('StartContainer before CreateContainer fails with "Invalid container id"', async ({
    guest,
    newId,
    expectedErrors,
  }) => {
    await expect(guest.agent.startContainer({ containerId: newId() })).rejects.toMatchObject(
      expectedErrors.internal('Invalid container id'),
    );
  });

  test('CreateContainer without an OCI specification fails with EINVAL', async ({ guest, newId, expectedErrors }) => {
    await expect(guest.agent.createContainer({ containerId: newId() })).rejects.toMatchObject(
      expectedErrors.internal('EINVAL: Invalid argument'),
    );
  });

  test('CreateContainer with the container id "../../etc" is rejected as invalid', async ({
    guest,
    expectedErrors,
  }) => {
    const containerId = '../../etc';
    await expect(
      guest.agent.createContainer({ containerId, execId: containerId, OCI: containerSpec('x1') }),
    ).rejects.toMatchObject(expectedErrors.noContainerId(containerId));
  });

  test('CreateContainer without a bundle fails because its root file system cannot be mounted', async ({
    guest,
    newId,
    expectedErrors,
  }) => {
    const containerId = newId();
    await expect(
      guest.agent.createContainer({ containerId, execId: containerId, OCI: containerSpec(containerId) }),
    ).rejects.toMatchObject(expectedErrors.noBundle(containerId));
  });

  test('a second CreateContainer with the same container id fails with "exec fifo exists"', {
    tags: ['containers'],
  }, async ({ guest, newId, expectedErrors }) => {
    const containerId = newId();
    await createContainer(guest, containerId);
    await expect(createContainer(guest, containerId)).rejects.toMatchObject(
      expectedErrors.internal('exec fifo exists'),
    );
  });

  // Main's agent undoes a failed CreateContainer by removing the container of that id, even if it is an earlier one.
  test('CreateContainer with the id of a running container fails and removes the running container', {
    tags: ['containers', 'main-rpc', 'failed-create-rollback'],
  }, async ({ guest, running, expectedErrors }) => {
    await expect(createContainer(guest, running.containerId)).rejects.toMatchObject(
      expectedErrors.internal('exec fifo exists'),
    );
    await expect(running.exec(['true'])).rejects.toMatchObject(expectedErrors.internal('Invalid container id'));
  });

  test('CreateContainer with a program that does not exist fails and names the program', {
    tags: ['containers'],
  }, async ({ guest, newId, expectedErrors }) => {
    await expect(createContainer(guest, newId(), { args: ['/nosuch'] })).rejects.toMatchObject(
      expectedErrors.internal('the file /nosuch was not found'),
    );
  });

  test('ExecProcess of a program that does not exist fails and names the program', { tags: ['containers'] }, async ({
    running,
    expectedErrors,
  }) => {
    await expect(running.exec(['/nosuch'])).rejects.toMatchObject(
      expectedErrors.internal('the file /nosuch was not found'),
    );
  });

  test('ExecProcess without a process in the request is rejected', { tags: ['containers'] }, async ({
    guest,
    running,
    expectedErrors,
  }) => {
    await expect(
      guest.agent.execProcess({ containerId: running.containerId, execId: 'nothing' }),
    ).rejects.toMatchObject(expectedErrors.execOfNothing);
  });

  test('ExecProcess in a container whose first process has ended fails', { tags: ['containers'] }, async ({
    guest,
    running,
    expectedErrors,
  }) => {
    const { containerId } = running;
    await guest.agent.signalProcess({ containerId, execId: '', signal: SIGKILL });
    await running.wait(containerId);
    await expect(running.exec(['true'])).rejects.toMatchObject(expectedErrors.execInEnded);
  });

  test('ExecProcess in a removed container fails with "Invalid container id"', { tags: ['containers'] }, async ({
    guest,
    running,
    expectedErrors,
  }) => {
    const { containerId } = running;
    await guest.agent.removeContainer({ containerId });
    await expect(running.exec(['true'])).rejects.toMatchObject(expectedErrors.internal('Invalid container id'));
  });

  test('ReadStdout, ReadStderr, WriteStdin, WaitProcess, SignalProcess, CloseStdin and TtyWinResize of an unknown process fail', {
    tags: ['containers'],
  }, async ({ guest, running, expectedErrors: { noProcess } }) => {
    const { containerId } = running;
    const unknown = { containerId, execId: 'unknown' };
    await expect(guest.agent.readStdout({ ...unknown, len: 1 })).rejects.toMatchObject(noProcess.read);
    await expect(guest.agent.readStderr({ ...unknown, len: 1 })).rejects.toMatchObject(noProcess.read);
    const data = Buffer.from('x');
    await expect(guest.agent.writeStdin({ ...unknown, data })).rejects.toMatchObject(noProcess.write);
    await expect(guest.agent.waitProcess(unknown)).rejects.toMatchObject(noProcess.wait);
    const signal = SIGTERM;
    await expect(guest.agent.signalProcess({ ...unknown, signal })).rejects.toMatchObject(noProcess.signal);
    await expect(guest.agent.closeStdin(unknown)).rejects.toMatchObject(noProcess.close);
    const size = { row: 1, column: 1 };
    await expect(guest.agent.ttyWinResize({ ...unknown, ...size })).rejects.toMatchObject(noProcess.resize);
  });

  test('StatsContainer, UpdateContainer, PauseContainer and ResumeContainer of an unknown container are rejected', async ({
    guest,
    newId,
    expectedErrors: { noContainer },
  }) => {
    const containerId = newId();
    await expect(guest.agent.statsContainer({ containerId })).rejects.toMatchObject(noContainer);
    await expect(guest.agent.updateContainer({ containerId })).rejects.toMatchObject(noContainer);
    await expect(guest.agent.pauseContainer({ containerId })).rejects.toMatchObject(noContainer);
    await expect(guest.agent.resumeContainer({ containerId })).rejects.toMatchObject(noContainer);
  });

  test('Check returns SERVING after calls that the agent rejected', async ({ guest, newId, expectedErrors }) => {
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
      { reason: expectedErrors.internal('Invalid container id') },
      { reason: expectedErrors.internal('EINVAL: Invalid argument') },
      { reason: expectedErrors.noContainerId('../../etc') },
      { reason: expectedErrors.execOfNothing },
      { reason: expectedErrors.internal('Invalid container id') },
      { reason: expectedErrors.noContainer },
    ]);
    expect(await agent.check({})).toEqual({ status: 'SERVING' });
  });
});

/** Sends SIGTERM to a first process that catches it and returns the exit code of that process. */
async function exitOfCatcher(guest: Guest, containerId: string): Promise<{ status: number }> {
  await createContainer(guest, containerId, {
    args: ['sh', '-c', `trap "exit ${CAUGHT}" TERM; echo ready; while :; do sleep 0.05; done`],
  });
  await guest.agent.startContainer({ containerId });
  await guest.agent.readStdout({ containerId, execId: containerId, len: 100 });
  await guest.agent.signalProcess({ containerId, execId: '', signal: SIGTERM });
  return guest.agent.waitProcess({ containerId, execId: containerId });
}

/** Returns rows and columns of the terminal of a process that runs {@link SAYS_SIZE}, and ends that process. */
async function sizeSaid(guest: Guest, containerId: string, execId: string): Promise<string | undefined> {
  await guest.agent.writeStdin({ containerId, execId, data: Buffer.from('\n') });
  // The output is read before the process ends: output that is unread when its terminal closes is lost.
  const said = await readUntil(guest, '.', containerId, execId);
  await guest.agent.writeStdin({ containerId, execId, data: Buffer.from('\n') });
  return /size ([\d ]+)\./.exec(said)?.[1];
}

/** Creates a container with `ASKED=for` in the request and returns the environment of its process. */
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
