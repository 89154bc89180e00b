import { answerOf, describe, expect, test } from '../../fixtures/test.ts';

const SLEEP = ['sleep', '3600'];

describe('container that the shim adds to its sandbox', { tags: ['runc-compatible-shim'] }, () => {
  test('shim Create adds a container as CREATED, Start runs it, and Delete removes it once it has ended', async ({
    sharedTask,
    secondContainer,
    openStreams,
    expectedOfShim,
  }) => {
    const { shim } = sharedTask;
    const streams = await openStreams();
    const request = await secondContainer(sharedTask, ['sh', '-c', 'echo printed; read -r x; exit 3']);
    const { bundle, id } = request;
    expect((await shim.create({ ...request, ...streams.paths })).pid).toBeGreaterThan(0);
    expect(await shim.state({ id })).toMatchObject({ id, bundle, status: 'CREATED', ...streams.paths });
    expect(await streams.output()).toBe('');
    expect((await shim.start({ id })).pid).toBeGreaterThan(0);
    expect(await shim.state({ id })).toMatchObject({ status: 'RUNNING' });
    await streams.until('printed\n');
    await streams.write('\n');
    expect(await shim.wait({ id })).toMatchObject({ exitStatus: 3 });
    expect(await shim.state({ id })).toMatchObject({ status: 'STOPPED', exitStatus: 3 });
    expect(await shim.delete({ id })).toMatchObject({ exitStatus: 3 });
    await expect(shim.state({ id })).rejects.toMatchObject(expectedOfShim.noContainer(id));
    expect(await shim.state({ id: sharedTask.id })).toMatchObject({ status: 'RUNNING' });
  });

  test('shim Create with a bundle that does not exist fails and adds no container', async ({
    sharedTask,
    secondContainer,
    expectedOfShim,
  }) => {
    const { shim } = sharedTask;
    const request = await secondContainer(sharedTask, SLEEP);
    const bundle = `${request.bundle}-missing`;
    await expect(shim.create({ ...request, bundle })).rejects.toMatchObject(expectedOfShim.noBundle(bundle));
    await expect(shim.state(request)).rejects.toMatchObject(expectedOfShim.noContainer(request.id));
    expect((await shim.create(request)).pid).toBeGreaterThan(0);
  });

  test('shim Delete of a running container is rejected, or ends and removes it', async ({
    sharedTask,
    startSecond,
    expectedOfShim,
  }) => {
    const { shim } = sharedTask;
    const { id } = await startSecond(sharedTask, SLEEP);
    expect(await answerOf(shim.delete({ id }))).toMatchObject(expectedOfShim.deleteOfRunning);
    expect(await answerOf(shim.state({ id }))).toMatchObject(expectedOfShim.afterDeleteOfRunning.container(id));
  });

  test('shim Delete of a container that was not started removes it', async ({
    sharedTask,
    secondContainer,
    expectedOfShim,
  }) => {
    const { shim } = sharedTask;
    const request = await secondContainer(sharedTask, SLEEP);
    await shim.create(request);
    await shim.delete(request);
    await expect(shim.state(request)).rejects.toMatchObject(expectedOfShim.noContainer(request.id));
  });

  test('shim Checkpoint of a container that was not started is rejected and leaves it CREATED', async ({
    sharedTask,
    secondContainer,
    expectedOfShim,
  }) => {
    const { shim } = sharedTask;
    const request = await secondContainer(sharedTask, SLEEP);
    const { bundle, id } = request;
    await shim.create(request);
    await expect(shim.checkpoint({ id, path: `${bundle}/image` })).rejects.toMatchObject(expectedOfShim.noCheckpoint);
    expect(await shim.state({ id })).toMatchObject({ status: 'CREATED' });
  });

  test('Kata’s shim implements no Checkpoint: it is rejected for a running task, which stays RUNNING', {
    tags: ['kata-shim'],
  }, async ({ sharedTask: { id, shim }, expectedOfShim }) => {
    await expect(shim.checkpoint({ id, path: '/tmp/image' })).rejects.toMatchObject(expectedOfShim.noCheckpoint);
    expect(await shim.state({ id })).toMatchObject({ status: 'RUNNING' });
  });
});
