import { containerExitOfSignal, describe, expect, KATA_RUNTIME, test } from '../../fixtures/test.ts';

describe('containerd with the runtime io.containerd.kata.v2', { tags: ['runc-compatible-shim'] }, () => {
  test('`ctr run` with io.containerd.kata.v2 passes input to the container and prints its output', async ({
    ctr,
    kataRun,
    newId,
  }) => {
    // The command waits for a line of input: `ctr` drops the output of a process that ends before `ctr` has opened its
    // streams.
    const command = ['sh', '-c', 'uname -a; read -r line; echo "<$line>"'];
    const run = kataRun({ id: newId(), command, flags: ['--rm'] });
    expect((await ctr.run(run, { input: 'a line\n' })).stdout).toMatch(/^Linux .*\n<a line>\n$/);
  });

  test('`ctr run` with io.containerd.kata.v2 exits with the exit code of the container', async ({
    ctr,
    kataRun,
    newId,
  }) => {
    const run = kataRun({ id: newId(), command: ['sh', '-c', 'exit 3'], flags: ['--rm'] });
    expect((await ctr.run(run, { okCodes: [3] })).exitCode).toBe(3);
  });

  test('`ctr containers list` shows a container with the runtime io.containerd.kata.v2', async ({
    ctr,
    shimTask: task,
  }) => {
    const { stdout } = await ctr.run(['containers', 'list']);
    expect(stdout.split('\n').find((line) => line.startsWith(task.id))).toContain(KATA_RUNTIME);
  });

  test('`ctr run` with a runtime that is not installed fails and names the missing shim program', async ({
    ctr,
    images,
    newId,
  }) => {
    const command = ['run', '--rm', '--runtime', 'io.containerd.nosuch.v2', images.busybox.reference, newId(), 'true'];
    await expect(ctr.run(command)).rejects.toMatchObject({
      stderr: expect.stringContaining('binary not installed "containerd-shim-nosuch-v2"'),
    });
  });

  test('`ctr shim state` returns the id and the status of a running task', async ({ ctr, shimTask: task }) => {
    const { stdout } = await ctr.run(['shim', '--id', task.id, 'state']);
    expect(JSON.parse(stdout)).toMatchObject({ id: task.id, status: 2 });
  });
});

describe('ttrpc API of the shim', { tags: ['runc-compatible-shim'] }, () => {
  test('shim Connect returns different pids for the shim and the task', async ({ shimTask: task }) => {
    const { shimPid, taskPid } = await task.shim.connect({ id: task.id });
    expect(shimPid).toBeGreaterThan(0);
    expect(taskPid).toBeGreaterThan(0);
    expect(taskPid).not.toBe(shimPid);
  });

  test('shim State returns RUNNING with the pid, the bundle and no terminal for a running task', async ({
    shimTask: task,
  }) => {
    const { taskPid } = await task.shim.connect({ id: task.id });
    expect(await task.shim.state({ id: task.id })).toMatchObject({
      id: task.id,
      status: 'RUNNING',
      pid: taskPid,
      bundle: expect.stringMatching(new RegExp(`/${task.id}$`)),
      terminal: false,
    });
  });

  test('shim Pids lists the pid of the task', async ({ shimTask: task }) => {
    const { taskPid } = await task.shim.connect({ id: task.id });
    const { processes } = await task.shim.pids({ id: task.id });
    expect(processes.map(({ pid }) => pid)).toContain(taskPid);
  });

  test('shim State returns PAUSED after Pause and RUNNING after Resume', async ({ shimTask: task }) => {
    await task.shim.pause({ id: task.id });
    expect(await task.shim.state({ id: task.id })).toMatchObject({ status: 'PAUSED' });
    await task.shim.resume({ id: task.id });
    expect(await task.shim.state({ id: task.id })).toMatchObject({ status: 'RUNNING' });
  });

  test('shim Wait and State return the exit status of SIGKILL once the task is killed', async ({
    shimTask: task,
    target,
  }) => {
    const exitStatus = containerExitOfSignal(target, 9);
    const waiting = task.shim.wait({ id: task.id });
    await task.shim.kill({ id: task.id, signal: 9 });
    expect(await waiting).toMatchObject({ exitStatus });
    expect(await task.shim.state({ id: task.id })).toMatchObject({ status: 'STOPPED', exitStatus });
  });

  test('shim State of an unknown process fails with NOT_FOUND', async ({ shimTask: task }) => {
    await expect(task.shim.state({ id: task.id, execId: 'unknown' })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('200 concurrent shim calls on one connection each get the answer to their own request', async ({
    shimTask: task,
  }) => {
    const calls = Array.from({ length: 200 }, (_, index) =>
      index % 2 === 0
        ? task.shim.state({ id: task.id }).then(({ id }) => id)
        : task.shim.connect({ id: task.id }).then(({ taskPid }) => taskPid),
    );
    const answers = await Promise.all(calls);
    expect(new Set(answers.filter((_, index) => index % 2 === 0))).toEqual(new Set([task.id]));
    const { pid } = await task.shim.state({ id: task.id });
    expect(pid).toBeGreaterThan(0);
    expect(new Set(answers.filter((_, index) => index % 2 === 1))).toEqual(new Set([pid]));
  });

  test('a shim call of an unknown service or method is rejected and names it', async ({
    shimTask: task,
    expectedOfShim: { unknownCall },
    rawCall,
  }) => {
    const { address } = task.shim;
    await expect(rawCall(address, 'grpc.Image', 'PullImage')).rejects.toMatchObject(unknownCall.service);
    await expect(rawCall(address, task.taskService, 'PullImage')).rejects.toMatchObject(unknownCall.method);
  });
});

describe('`ctr shim pull-image` of the confidential-containers fork', { tags: ['ctr-shim-pull-image'] }, () => {
  test('`ctr shim pull-image` succeeds, and PullImage of the shim returns the reference of the same image', async ({
    ctr,
    shimTask: task,
    images,
  }) => {
    await ctr.run(['shim', '--id', task.id, 'pull-image', images.busybox.reference]);
    const { imageRef } = await task.shim.pullImage({ image: images.busybox.reference });
    expect(imageRef).toBe(images.busybox.reference);
  });
});
