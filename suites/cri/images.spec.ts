import {
  test as base,
  CREDENTIAL_SCENARIOS,
  describe,
  expect,
  expectedOutcome,
  POLICY_SCENARIOS,
  SIGNATURE_SCENARIOS,
} from '../../fixtures/test.ts';

// suites/image makes the same claims for guests started by containerd's own client; this file makes them for the sandbox of a pod.
// With agents of generation skopeo, containerd itself pulls the images of a pod's containers; our client calls PullImage
// of the agent in the guest.
const test = base
  .extend('guestOptions', { scope: 'file' }, { startedBy: 'cri' } as const)
  .extend('keepEvidence', { scope: 'file' }, true);

const tags = ['kata-shim', 'cri', 'guest-pull-skopeo', 'guest-console', 'password-registry'] as const;

/** Credentials of a pull: the right `user:password`, one with a wrong password, or none. */
function credentialsFor(which: 'right' | 'wrong' | undefined, right: string): { readonly sourceCreds?: string } {
  if (which === undefined) return {};
  return { sourceCreds: which === 'right' ? right : `${right}x` };
}

describe('PullImage in the guest of a CRI pod', { tags: [...tags, 'upstream-policy'] }, () => {
  test.for([...SIGNATURE_SCENARIOS, ...CREDENTIAL_SCENARIOS])(
    'PullImage in the guest of a CRI pod: %s',
    async ([, scenario], { credentials, guest, pull, target }) => {
      const pulled = await pull(guest, scenario.image, credentialsFor(scenario.credentials, credentials));
      expect(pulled).toMatchObject(expectedOutcome(scenario, target));
    },
  );

  test('PullImage in the guest of a CRI pod puts the image neither into the shared directory nor into containerd', async ({
    guest,
    host,
    pull,
    target,
  }) => {
    expect(await pull(guest, 'signed')).toMatchObject({ status: 'ok' });
    // Both the shared roots and containerd's content store have the pause image, because containerd pulled it.
    expect(await host.sharedRoots(guest.sandboxId)).toEqual([`${guest.sandboxId}/rootfs`]);
    const contents = await host.contents();
    expect(contents).toContain(target.digests.pause);
    expect(contents).not.toContain(target.digests.signed);
  });
});

describe('PullImage in the guest of a CRI pod with another policy', { tags: [...tags] }, () => {
  test.for(POLICY_SCENARIOS)(
    'PullImage in the guest of a CRI pod: %s',
    async ([, { policy, pulls }], { pull, target, withPolicy }) => {
      const guest = await withPolicy(policy);
      for (const one of pulls) expect(await pull(guest, one.image)).toMatchObject(expectedOutcome(one, target));
    },
  );
});
