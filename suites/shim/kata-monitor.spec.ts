import { describe, expect, guestSize, test } from '../../fixtures/test.ts';

/** A metric of each part of a sandbox. Source: docs/design/kata-2-0-metrics.md of Kata. */
const METRICS = ['kata_shim_threads', 'kata_hypervisor_threads', 'kata_guest_load', 'kata_agent_total_rss'];

describe('kata-monitor', { tags: ['kata-shim', 'kata-runtime'] }, () => {
  test('kata-monitor has metrics of shim, hypervisor, guest and agent of a pod’s sandbox, with the pod’s name', {
    tags: ['cri'],
  }, async ({ startMonitor, startPod, within }) => {
    const pod = await startPod();
    const containerId = await pod.run('sleeper', ['sleep', '3600']);
    const { status } = await pod.cri.podSandboxStatus({ podSandboxId: pod.sandboxId });
    const monitor = await startMonitor();
    const labels = {
      sandbox_id: pod.sandboxId,
      cri_uid: status?.metadata?.uid,
      cri_name: status?.metadata?.name,
      cri_namespace: status?.metadata?.namespace,
    };
    const { memoryMib } = await guestSize(pod, containerId);
    const expected = [
      ...METRICS.map((name) => ({ name, labels: expect.objectContaining(labels) })),
      { name: 'kata_guest_meminfo', labels: { ...labels, item: 'mem_total' }, value: memoryMib * 2 ** 20 },
    ];
    // kata-monitor asks containerd for the name of a sandbox's pod some seconds after it has noticed the sandbox.
    await expect
      .poll(() => monitor.metrics(), { timeout: within('process').timeoutMs })
      .toEqual(expect.arrayContaining(expected.map((sample) => expect.objectContaining(sample))));
  });

  test('kata-monitor lists a sandbox that starts, and no longer once it was removed', { tags: ['cri'] }, async ({
    guest,
    startMonitor,
    startPod,
    within,
  }) => {
    const monitor = await startMonitor();
    const { timeoutMs: timeout } = within('process');
    await expect.poll(() => monitor.sandboxes(), { timeout }).toContain(guest.sandboxId);
    const pod = await startPod();
    await expect.poll(() => monitor.sandboxes(), { timeout }).toContain(pod.sandboxId);
    const known = (await monitor.sandboxes()).length;
    const counted = async () =>
      (await monitor.metrics()).find(({ name }) => name === 'kata_monitor_running_shim_count')?.value;
    // A request for metrics gets the count of the request before it.
    await expect.poll(counted, { timeout }).toBe(known);
    await pod.cri.stopPodSandbox({ podSandboxId: pod.sandboxId });
    await pod.cri.removePodSandbox({ podSandboxId: pod.sandboxId });
    await expect.poll(() => monitor.sandboxes(), { timeout }).not.toContain(pod.sandboxId);
    expect(await monitor.sandboxes()).toContain(guest.sandboxId);
  });

  test('kata-monitor returns the address of a sandbox’s agent, and an error for an unknown sandbox', async ({
    guest,
    startMonitor,
  }) => {
    const monitor = await startMonitor();
    const { status, text } = await monitor.get(`/agent-url?sandbox=${guest.sandboxId}`);
    expect([status, text.trim()]).toEqual([200, expect.stringMatching(/^vsock:\/\/\d+:1024$/)]);
    expect(await monitor.get('/agent-url?sandbox=nosuch')).toMatchObject({
      status: 400,
      text: expect.stringContaining('nosuch'),
    });
    expect(await monitor.get('/metrics?sandbox=nosuch')).toMatchObject({
      status: 500,
      text: expect.stringContaining('nosuch'),
    });
  });
});
