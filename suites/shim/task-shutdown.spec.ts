import { answerOf, describe, expect, test } from '../../fixtures/test.ts';

const SIGKILL = 9;

describe('end of a shim', { tags: ['runc-compatible-shim'] }, () => {
  test('shim Shutdown is ignored while the shim has a container', async ({ shimTask: { id, shim } }) => {
    await shim.shutdown({ id });
    expect(await shim.state({ id })).toMatchObject({ status: 'RUNNING' });
  });

  test('shim Shutdown ends the shim’s process once its last container is deleted', async ({
    shimTask: { id, shim },
    expectedOfShim,
    hostProcesses,
    within,
  }) => {
    const ended = shim.wait({ id });
    await shim.kill({ id, signal: SIGKILL });
    await ended;
    await shim.delete({ id });
    expect(await answerOf(shim.state({ id }))).toMatchObject(expectedOfShim.deletedFirst(id));
    const shims = (): Promise<string[]> => hostProcesses(`-id ${id}`);
    expect(await shims()).toHaveLength(1);
    expect(expectedOfShim.shutdown).toContain((await answerOf(shim.shutdown({ id }))).code);
    await expect.poll(shims, { timeout: within('sandbox-gone').timeoutMs }).toEqual([]);
  });
});
