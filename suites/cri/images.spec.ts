import {
  test as base,
  CREDENTIAL_SCENARIOS,
  describe,
  digestOf,
  expect,
  expectedOutcome,
  POLICY_SCENARIOS,
  SIGNATURE_SCENARIOS,
} from '../../fixtures/test.ts';

// What suites/image claims of guests that were started by containerd's own client, for the sandbox of a pod. In this
// generation containerd pulls the images of a pod's containers itself; what the guest pulls is asked of its agent.
const test = base
  .extend('guestOptions', { scope: 'file' }, { startedBy: 'cri' } as const)
  .extend('keepEvidence', { scope: 'file' }, true);

const tags = ['kata-shim', 'cri', 'guest-pull-skopeo', 'guest-console', 'password-registry'] as const;

/** `user:password`, or one that is wrong, or none. */
function credentialsFor(which: 'right' | 'wrong' | undefined, right: string): { readonly sourceCreds?: string } {
  if (which === undefined) return {};
  return { sourceCreds: which === 'right' ? right : `${right}x` };
}

describe('in the sandbox of a pod', { tags: [...tags, 'upstream-policy'] }, () => {
  test.for([...SIGNATURE_SCENARIOS, ...CREDENTIAL_SCENARIOS])(
    '%s',
    async ([, scenario], { credentials, guest, pull, target }) => {
      const pulled = await pull(guest, scenario.image, credentialsFor(scenario.credentials, credentials));
      expect(pulled).toMatchObject(expectedOutcome(scenario, target));
    },
  );

  test('what the guest has pulled is not on the host', async ({ guest, host, pull, target }) => {
    expect(await pull(guest, 'signed')).toMatchObject({ status: 'ok' });
    // Of the image that holds the pod together there is: it is what containerd has pulled.
    expect(await host.sharedRoots(guest.sandboxId)).toEqual([`${guest.sandboxId}/rootfs`]);
    const contents = await host.contents();
    expect(contents).toContain(digestOf('pause', target));
    expect(contents).not.toContain(digestOf('signed', target));
  });
});

describe('in the sandbox of a pod with another policy', { tags: [...tags] }, () => {
  test.for(POLICY_SCENARIOS)('%s', async ([, { policy, pulls }], { pull, target, withPolicy }) => {
    const guest = await withPolicy(policy);
    for (const one of pulls) expect(await pull(guest, one.image)).toMatchObject(expectedOutcome(one, target));
  });
});
