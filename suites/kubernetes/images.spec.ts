import { test as base, describe, expect, expectedOutcome, SIGNATURE_SCENARIOS } from '../../fixtures/test.ts';

// suites/image makes the same claims for guests started by containerd's own client; this file makes them for a pod of the kubelet.
// With agents of generation skopeo, containerd itself pulls the images of a pod's containers; our client calls PullImage
// of the agent in the guest.
const test = base.extend('keepEvidence', { scope: 'file' }, true);

const tags = ['kubernetes', 'kata-shim', 'guest-pull-skopeo', 'guest-console'] as const;

describe('PullImage in the guest of a Kubernetes pod', { tags: [...tags, 'upstream-policy'] }, () => {
  test.for(SIGNATURE_SCENARIOS)(
    'PullImage in the guest of a Kubernetes pod: %s',
    async ([, scenario], { attach, pull, sandboxOf, target, webPod }) => {
      const guest = await attach(await sandboxOf(webPod));
      expect(await pull(guest, scenario.image)).toMatchObject(expectedOutcome(scenario, target));
    },
  );

  test('PullImage in the guest of a Kubernetes pod puts the image neither into the shared directory nor into containerd', async ({
    attach,
    host,
    pull,
    sandboxOf,
    target,
    webPod,
  }) => {
    const guest = await attach(await sandboxOf(webPod));
    expect(await pull(guest, 'signed')).toMatchObject({ status: 'ok' });
    // The shared root file systems are those of the pod's sandbox and container, whose images containerd pulled.
    expect(await host.sharedRoots(guest.sandboxId)).toHaveLength(2);
    const contents = await host.contents();
    expect(contents).toContain(target.digests.busybox);
    expect(contents).not.toContain(target.digests.signed);
  });
});
