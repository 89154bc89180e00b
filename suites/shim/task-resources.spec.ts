import { answerOf, describe, expect, metricsOf, ociResources, test } from '../../fixtures/test.ts';

const MEBIBYTE = 2 ** 20;
const SLEEP = ['sleep', '3600'];

describe('resources of a container of the shim', { tags: ['runc-compatible-shim'] }, () => {
  test('shim Stats returns a CPU time that grows with work, a memory usage and the number of processes', async ({
    sharedTask,
    startSecond,
    addProcess,
    within,
  }) => {
    const { shim } = sharedTask;
    const { id } = await startSecond(sharedTask, SLEEP);
    const metrics = async () => metricsOf((await shim.stats({ id })).stats);
    // Until runc's init executes the program, its threads count as processes.
    const processes = async () => (await metrics()).pids.current;
    await expect.poll(processes, { timeout: within('process').timeoutMs }).toBe(1);
    const before = await metrics();
    expect(before.memory.usage).toBeGreaterThan(0);
    const args = ['sh', '-c', 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done'];
    const { process } = await addProcess({ id, shim }, { args });
    await shim.start(process);
    expect(await shim.wait(process)).toMatchObject({ exitStatus: 0 });
    expect((await metrics()).cpuTime).toBeGreaterThan(before.cpuTime);
  });

  test('shim Update changes the memory limit of a running container', async ({ sharedTask, startSecond }) => {
    const { shim } = sharedTask;
    const { id } = await startSecond(sharedTask, SLEEP);
    const limit = 64 * MEBIBYTE;
    expect(metricsOf((await shim.stats({ id })).stats).memory.limit).not.toBe(limit);
    await shim.update({ id, resources: ociResources({ memory: { limit } }) });
    expect(metricsOf((await shim.stats({ id })).stats).memory.limit).toBe(limit);
  });

  test('shim Update changes the limit of processes of a running container', async ({ sharedTask, startSecond }) => {
    const { shim } = sharedTask;
    const { id } = await startSecond(sharedTask, SLEEP);
    const limit = 17;
    expect(metricsOf((await shim.stats({ id })).stats).pids.limit).not.toBe(limit);
    await shim.update({ id, resources: ociResources({ pids: { limit } }) });
    expect(metricsOf((await shim.stats({ id })).stats).pids.limit).toBe(limit);
  });

  test('shim Update with resources that are not JSON is rejected and changes no limit', async ({
    sharedTask: { id, shim },
    expectedOfShim,
  }) => {
    const { memory } = metricsOf((await shim.stats({ id })).stats);
    const resources = { ...ociResources({}), value: Buffer.from('no JSON') };
    await expect(shim.update({ id, resources })).rejects.toMatchObject(expectedOfShim.notJson);
    expect(metricsOf((await shim.stats({ id })).stats).memory.limit).toBe(memory.limit);
  });

  test('shim Pause stops a container, Resume continues it, and a repeated call of either is rejected, or ignored', async ({
    sharedTask,
    startSecond,
    expectedOfShim,
    within,
  }) => {
    const { shim } = sharedTask;
    const { id } = await startSecond(sharedTask, ['sh', '-c', 'while :; do :; done']);
    let last = 0;
    const workedSince = async (): Promise<number> => {
      const before = last;
      last = metricsOf((await shim.stats({ id })).stats).cpuTime;
      return last - before;
    };
    await shim.pause({ id });
    // The poll waits: Kata's agent makes the kernel freeze the container, but does not wait until it is frozen.
    await expect.poll(workedSince, { interval: 100, timeout: within('process').timeoutMs }).toBe(0);
    expect(await answerOf(shim.pause({ id }))).toMatchObject(expectedOfShim.paused);
    expect(await shim.state({ id })).toMatchObject({ status: 'PAUSED' });
    expect(await workedSince()).toBe(0);
    await shim.resume({ id });
    await expect.poll(workedSince, { interval: 100, timeout: within('process').timeoutMs }).toBeGreaterThan(0);
    expect(await answerOf(shim.resume({ id }))).toMatchObject(expectedOfShim.notPaused);
    expect(await shim.state({ id })).toMatchObject({ status: 'RUNNING' });
  });
});
