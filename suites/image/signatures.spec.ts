import {
  test as base,
  describe,
  expect,
  expectedOutcome,
  POLICY_SCENARIOS,
  PULL_FAILED,
  SIGNATURE_SCENARIOS,
} from '../../fixtures/test.ts';

// Keeps the evidence of passing tests too: the report shows which image was accepted or rejected, and why.
const test = base.extend('keepEvidence', { scope: 'file' }, true);

describe('PullImage under the policy of the upstream rootfs', {
  tags: ['guest-pull-skopeo', 'guest-console', 'upstream-policy'],
}, () => {
  test.for(SIGNATURE_SCENARIOS)('PullImage of %s', async ([, scenario], { guest, pull, target }) => {
    expect(await pull(guest, scenario.image)).toMatchObject(expectedOutcome(scenario, target));
  });

  test('PullImage accepts one image under the tag that its signature names and rejects it under another tag', async ({
    guest,
    pull,
    target,
  }) => {
    expect(target.digests.unsigned).toBe(target.digests.signed);
    expect(await pull(guest, 'signed')).toMatchObject(expectedOutcome({ image: 'signed' }, target));
    const otherTag = { image: 'unsigned', rejection: 'otherIdentity' } as const;
    expect(await pull(guest, 'unsigned')).toMatchObject(expectedOutcome(otherTag, target));
  });

  test('PullImage of an unsigned image from a protected registry is rejected, and of a signed one accepted by the same guest', async ({
    guest,
    pull,
    target,
  }) => {
    const rejected = { image: 'noSignature', rejection: 'noSignature' } as const;
    expect(await pull(guest, 'noSignature')).toMatchObject(expectedOutcome(rejected, target));
    expect(await pull(guest, 'signed')).toMatchObject(expectedOutcome({ image: 'signed' }, target));
  });

  test('PullImage of a signed image is accepted after a rejected PullImage under the same container id', async ({
    guest,
    pull,
    target,
  }) => {
    const rejection = await pull(guest, 'unsigned');
    expect(rejection).toMatchObject(expectedOutcome({ image: 'unsigned', rejection: 'otherIdentity' }, target));
    const { containerId } = rejection;
    const pulled = await pull(guest, 'signed', { containerId });
    expect(pulled).toMatchObject(expectedOutcome({ image: 'signed' }, target));
  });

  test('PullImage prints the path of the policy in use on the console', async ({ guest, pull }) => {
    const since = await guest.console.cursor();
    await pull(guest, 'small');
    expect(await guest.console.textSince(since)).toContain(
      'Using container policy_path: Some(\\"/etc/containers/quay_verification/quay_policy.json\\")...',
    );
  });
});

describe('PullImage under another policy', { tags: ['guest-pull-skopeo', 'guest-console'] }, () => {
  test.for(POLICY_SCENARIOS)('PullImage under %s', async ([, { policy, pulls }], { pull, target, withPolicy }) => {
    const guest = await withPolicy(policy);
    for (const one of pulls) expect(await pull(guest, one.image)).toMatchObject(expectedOutcome(one, target));
  });

  test('PullImage without a policy accepts an image signed for another tag and prints that no policy is configured', async ({
    launch,
    pull,
    target,
  }) => {
    const guest = await launch({ policy: null });
    expect(await pull(guest, 'unsigned')).toMatchObject(expectedOutcome({ image: 'unsigned' }, target));
    expect(await guest.console.textSince(0)).toContain(
      'No policy path was supplied, so revert to allow all images to be pulled.',
    );
  });

  test('PullImage under a policy file that does not exist is rejected', async ({ pull, withPolicy }) => {
    const guest = await withPolicy(null);
    expect(await pull(guest, 'small')).toMatchObject({
      status: 'internal',
      answer: PULL_FAILED,
      cause: expect.stringMatching(/^Error loading trust policy: open \/\S+: no such file or directory$/),
      bundle: undefined,
      leftover: false,
    });
  });
});
