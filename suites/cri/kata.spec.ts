import { describe, expect, test } from '../../fixtures/test.ts';

describe('pod with the runtime handler kata', { tags: ['kata-shim', 'cri'] }, () => {
  test('a pod with the handler kata has one shim, one QEMU and another kernel than the node', async ({
    host,
    startPod,
    hostKernel,
  }) => {
    const pod = await startPod();
    const containerId = await pod.run('sleeper', ['sleep', '3600']);
    const { shims, hypervisors } = await host.resources(pod.sandboxId);
    expect([shims.length, hypervisors.length]).toEqual([1, 1]);
    const { stdout } = await pod.cri.execSync({ containerId, cmd: ['uname', '-r'] });
    expect(stdout.toString().trim()).toMatch(/^\d+\.\d+/);
    expect(stdout.toString().trim()).not.toBe(hostKernel);
  });

  test('the agent of a pod with the handler kata is reachable by the sandbox id that containerd assigned', async ({
    attach,
    startPod,
  }) => {
    const pod = await startPod();
    const containerId = await pod.run('sleeper', ['sleep', '3600']);
    const guest = await attach(pod.sandboxId);
    const { stdout } = await guest.run(['ls', '/run/kata-containers']);
    expect(stdout.split('\n')).toEqual(expect.arrayContaining([pod.sandboxId, containerId]));
  });

  test('RemovePodSandbox of a pod with the handler kata leaves no sandbox resources on the host', async ({
    host,
    startPod,
  }) => {
    const pod = await startPod();
    await pod.run('sleeper', ['sleep', '3600']);
    expect((await host.resources(pod.sandboxId)).hypervisors).toHaveLength(1);
    await pod.cri.stopPodSandbox({ podSandboxId: pod.sandboxId });
    await pod.cri.removePodSandbox({ podSandboxId: pod.sandboxId });
    await host.untilGone(pod.sandboxId);
  });

  test('RemovePodSandbox of a pod with the handler kata removes the socket of its shim', async ({ host, startPod }) => {
    const pod = await startPod();
    const socket = await host.shimSocket(pod.sandboxId);
    expect(await host.shimSockets()).toContain(socket);
    await pod.cri.stopPodSandbox({ podSandboxId: pod.sandboxId });
    await pod.cri.removePodSandbox({ podSandboxId: pod.sandboxId });
    await host.untilGone(pod.sandboxId);
    expect(await host.shimSockets()).not.toContain(socket);
  });

  test('two pods with the handler kata have separate VMs, and an image pulled in one guest is not in the other', {
    tags: ['guest-pull-skopeo', 'unsigned-images'],
  }, async ({ attach, pull, startPod }) => {
    const pods = [await startPod(), await startPod()] as const;
    const [one, two] = [await attach(pods[0].sandboxId), await attach(pods[1].sandboxId)];
    const bootId = ['cat', '/proc/sys/kernel/random/boot_id'];
    expect((await one.run(bootId)).stdout).not.toBe((await two.run(bootId)).stdout);
    const { bundle, containerId } = await pull(one, 'busybox');
    expect(bundle).toContain('rootfs');
    expect((await two.run(['ls', '/run/kata-containers'])).stdout.split('\n')).not.toContain(containerId);
  });
});
