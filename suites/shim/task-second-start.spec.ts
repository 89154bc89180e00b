import { containerExitOfSignal, describe, expect, test } from '../../fixtures/test.ts';

const SIGKILL = 9;

describe('container that is started twice', { tags: ['runc-compatible-shim'] }, () => {
  test('a second shim Start of a running container is rejected, and Wait still returns the container’s exit status', async ({
    shimTask,
    startSecond,
    expectedOfShim,
    target,
  }) => {
    const { shim } = shimTask;
    const { id } = await startSecond(shimTask, ['sleep', '3600']);
    await expect(shim.start({ id })).rejects.toMatchObject(expectedOfShim.running);
    expect(await shim.state({ id })).toMatchObject({ status: 'RUNNING' });
    const ended = shim.wait({ id });
    await shim.kill({ id, signal: SIGKILL });
    expect(await ended).toMatchObject({ exitStatus: containerExitOfSignal(target, SIGKILL) });
  });
});
