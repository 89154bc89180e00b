import { test as base, describe, digestOf, expect, expectedOutcome, SIGNATURE_SCENARIOS } from '../../fixtures/test.ts';

// What suites/image claims of pulls that the agent is asked for, for pulls that its shim passes on to it.
const test = base.extend('keepEvidence', { scope: 'file' }, true);

const tags = ['kata-shim', 'guest-pull-skopeo', 'guest-console', 'upstream-policy'] as const;

describe('pulled through the shim of the confidential-containers fork', { tags: [...tags] }, () => {
  test.for(SIGNATURE_SCENARIOS)('%s', async ([, scenario], { guest, pullByShim, target }) => {
    expect(await pullByShim(guest, scenario.image)).toMatchObject(expectedOutcome(scenario, target));
  });
});

describe('an image that a guest has pulled', { tags: [...tags] }, () => {
  test('is not on the host: the guest is shown its sandbox’s own root alone, and containerd has no part of it', async ({
    guest,
    host,
    pull,
    target,
  }) => {
    expect(await pull(guest, 'signed')).toMatchObject({ status: 'ok' });
    expect(await host.sharedRoots(guest.sandboxId)).toEqual([`${guest.sandboxId}/rootfs`]);
    const contents = await host.contents();
    expect(contents).toContain(digestOf('busybox', target));
    expect(contents).not.toContain(digestOf('signed', target));
  });
});
