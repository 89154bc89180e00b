import { answerOf, describe, expect, ociProcess, test } from '../../fixtures/test.ts';

const SLEEP = { args: ['sleep', '3600'] };

describe('process that the shim adds to a container', { tags: ['runc-compatible-shim'] }, () => {
  test('shim Exec adds a process as CREATED, Start runs it, Wait returns its exit status and Delete removes it', async ({
    sharedTask,
    addProcess,
    expectedOfShim,
  }) => {
    const { id, shim } = sharedTask;
    const args = ['sh', '-c', 'echo "in $(pwd)"; echo failed >&2; exit 3'];
    const { process, streams } = await addProcess(sharedTask, { args });
    expect(await shim.state(process)).toMatchObject({ status: 'CREATED' });
    expect(await streams.output()).toBe('');
    expect((await shim.start(process)).pid).toBeGreaterThan(0);
    expect(await shim.wait(process)).toMatchObject({ exitStatus: 3 });
    await streams.until('in /\n');
    await streams.until('failed\n', 'stderr');
    expect(await shim.state(process)).toMatchObject({ status: 'STOPPED', exitStatus: 3 });
    expect(await shim.delete(process)).toMatchObject({ exitStatus: 3 });
    await expect(shim.state(process)).rejects.toMatchObject(expectedOfShim.noProcess(process.execId));
    expect(await shim.state({ id })).toMatchObject({ status: 'RUNNING' });
  });

  test('shim Exec with the exec id of another process fails with ALREADY_EXISTS', async ({
    sharedTask: { id, shim },
    newId,
    openStreams,
  }) => {
    const execId = newId();
    const request = { id, execId, spec: ociProcess(SLEEP), ...(await openStreams()).paths };
    await shim.exec(request);
    await expect(shim.exec(request)).rejects.toMatchObject({
      code: 'already_exists',
      details: `id ${execId}: already exists`,
    });
    await shim.exec({ ...request, execId: newId() });
  });

  test('shim Exec with a process that is not JSON is rejected and adds no process', async ({
    sharedTask: { id, shim },
    newId,
    expectedOfShim,
  }) => {
    const execId = newId();
    const process = { id, execId };
    const spec = { ...ociProcess(SLEEP), value: Buffer.from('no JSON') };
    await expect(shim.exec({ ...process, spec })).rejects.toMatchObject(expectedOfShim.notJson);
    await expect(shim.state(process)).rejects.toMatchObject(expectedOfShim.noProcess(execId));
  });

  // runc's shim ends with a nil pointer dereference.
  test('Kata’s shim rejects Exec without a process with INVALID_ARGUMENT', {
    tags: ['kata-shim'],
  }, async ({ sharedTask: { id, shim }, newId }) => {
    await expect(shim.exec({ id, execId: newId() })).rejects.toMatchObject({
      code: 'invalid_argument',
      details: expect.stringMatching(/Any points to nil: invalid argument$/),
    });
  });

  test('shim Delete of a running added process is rejected, or forgets the process', async ({
    sharedTask,
    addProcess,
    expectedOfShim,
  }) => {
    const { shim } = sharedTask;
    const { process } = await addProcess(sharedTask, SLEEP);
    await shim.start(process);
    expect(await answerOf(shim.delete(process))).toMatchObject(expectedOfShim.deleteOfRunning);
    expect(await answerOf(shim.state(process))).toMatchObject(
      expectedOfShim.afterDeleteOfRunning.process(process.execId),
    );
  });

  test('shim Kill of an added process that was not started is rejected, or ignored', async ({
    sharedTask,
    addProcess,
    expectedOfShim,
  }) => {
    const { shim } = sharedTask;
    const { process } = await addProcess(sharedTask, SLEEP);
    expect(await answerOf(shim.kill({ ...process, signal: 9 }))).toMatchObject(expectedOfShim.notStarted);
    expect(await shim.state(process)).toMatchObject({ status: 'CREATED' });
  });
});
