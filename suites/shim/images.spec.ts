import { test as base, describe, expect, expectedOutcome, SIGNATURE_SCENARIOS } from '../../fixtures/test.ts';

// The claims of suites/image, made there for PullImage calls to the agent, here for calls that Kata's shim passes on to it.
const test = base.extend('keepEvidence', { scope: 'file' }, true);

const tags = ['kata-shim', 'guest-pull-skopeo', 'guest-console', 'upstream-policy'] as const;

describe('PullImage through the shim of the confidential-containers fork', { tags: [...tags] }, () => {
  test.for(SIGNATURE_SCENARIOS)(
    'PullImage through the Kata shim: %s',
    async ([, scenario], { guest, pullByShim, target }) => {
      expect(await pullByShim(guest, scenario.image)).toMatchObject(expectedOutcome(scenario, target));
    },
  );
});

describe('image pulled in a guest', { tags: [...tags] }, () => {
  test('PullImage in a guest puts the image neither into the shared directory nor into containerd on the host', async ({
    guest,
    host,
    pull,
    target,
  }) => {
    expect(await pull(guest, 'signed')).toMatchObject({ status: 'ok' });
    expect(await host.sharedRoots(guest.sandboxId)).toEqual([`${guest.sandboxId}/rootfs`]);
    const contents = await host.contents();
    expect(contents).toContain(target.digests.busybox);
    expect(contents).not.toContain(target.digests.signed);
  });
});
