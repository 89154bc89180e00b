import { describe, expect, guestSize, test } from '../../fixtures/test.ts';

const SLEEP = ['sleep', '3600'];
const MEMORY_MIB = 256;

describe('memory of the guest of a pod with the runtime handler kata', {
  tags: ['kata-shim', 'cri', 'memory-hotplug'],
}, () => {
  test('CreateContainer with a memory limit plugs memory of that size into the guest of its pod, and without a limit none', async ({
    startPod,
    within,
  }) => {
    const pod = await startPod();
    const first = await pod.run('first', SLEEP);
    const before = await guestSize(pod, first);
    await pod.run('unlimited', SLEEP);
    expect(await guestSize(pod, first)).toEqual(before);
    await pod.run('limited', SLEEP, undefined, { resources: { memoryMib: MEMORY_MIB } });
    const grown = async () => (await guestSize(pod, first)).memoryMib - before.memoryMib;
    await expect.poll(grown, { timeout: within('hot-plug').timeoutMs }).toBe(MEMORY_MIB);
  });

  test('UpdateContainerResources with a higher memory limit plugs the difference into the guest of its pod', async ({
    startPod,
    within,
  }) => {
    const pod = await startPod();
    const id = await pod.run('limited', SLEEP, undefined, { resources: { memoryMib: MEMORY_MIB } });
    const before = await guestSize(pod, id);
    await pod.update(id, { memoryMib: 2 * MEMORY_MIB });
    const grown = async () => (await guestSize(pod, id)).memoryMib - before.memoryMib;
    await expect.poll(grown, { timeout: within('hot-plug').timeoutMs }).toBe(MEMORY_MIB);
  });
});

describe('processors of the guest of a pod with the runtime handler kata', {
  tags: ['kata-shim', 'cri', 'vcpu-hotplug'],
}, () => {
  test('CreateContainer with a CPU limit plugs processors into the guest of its pod, and without a limit none', async ({
    startPod,
    within,
  }) => {
    const pod = await startPod();
    const first = await pod.run('first', SLEEP);
    const before = await guestSize(pod, first);
    await pod.run('unlimited', SLEEP);
    expect(await guestSize(pod, first)).toEqual(before);
    await pod.run('limited', SLEEP, undefined, { resources: { cpus: 1 } });
    const added = async () => (await guestSize(pod, first)).processors - before.processors;
    await expect.poll(added, { timeout: within('hot-plug').timeoutMs }).toBe(1);
  });

  test('UpdateContainerResources with a CPU limit plugs processors into the guest of its pod', async ({
    startPod,
    within,
  }) => {
    const pod = await startPod();
    const id = await pod.run('unlimited', SLEEP);
    const before = await guestSize(pod, id);
    await pod.update(id, { cpus: 1 });
    const added = async () => (await guestSize(pod, id)).processors - before.processors;
    await expect.poll(added, { timeout: within('hot-plug').timeoutMs }).toBe(1);
  });
});
