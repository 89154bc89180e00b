import { test as base, describe, digestOf, expect, expectedOutcome, SIGNATURE_SCENARIOS } from '../../fixtures/test.ts';

// What suites/image claims of guests that containerd's own client has started, for a pod that the kubelet has. In this
// generation containerd pulls the images of a pod's containers itself; what the guest pulls is asked of its agent.
const test = base.extend('keepEvidence', { scope: 'file' }, true);

const tags = ['kubernetes', 'kata-shim', 'guest-pull-skopeo', 'guest-console'] as const;

describe('in the guest of a pod', { tags: [...tags, 'upstream-policy'] }, () => {
  test.for(SIGNATURE_SCENARIOS)('%s', async ([, scenario], { attach, pull, sandboxOf, target, webPod }) => {
    const guest = await attach(await sandboxOf(webPod));
    expect(await pull(guest, scenario.image)).toMatchObject(expectedOutcome(scenario, target));
  });

  test('what it has pulled is not on the node', async ({ attach, host, pull, sandboxOf, target, webPod }) => {
    const guest = await attach(await sandboxOf(webPod));
    expect(await pull(guest, 'signed')).toMatchObject({ status: 'ok' });
    // Its sandbox's and its container's: what containerd has pulled.
    expect(await host.sharedRoots(guest.sandboxId)).toHaveLength(2);
    const contents = await host.contents();
    expect(contents).toContain(digestOf('busybox', target));
    expect(contents).not.toContain(digestOf('signed', target));
  });
});
