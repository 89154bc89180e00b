import {
  test as base,
  describe,
  digestOf,
  expect,
  expectedOutcome,
  POLICY_SCENARIOS,
  PULL_FAILED,
  SIGNATURE_SCENARIOS,
} from '../../fixtures/test.ts';

// Which image was let in and why is worth showing even when all is as it should be.
const test = base.extend('keepEvidence', { scope: 'file' }, true);

describe('with the policy of upstream’s rootfs', {
  tags: ['guest-pull-skopeo', 'guest-console', 'upstream-policy'],
}, () => {
  test.for(SIGNATURE_SCENARIOS)('%s', async ([, scenario], { guest, pull, target }) => {
    expect(await pull(guest, scenario.image)).toMatchObject(expectedOutcome(scenario, target));
  });

  test('the tag decides: one image is accepted under the tag its signature names and rejected under another', async ({
    guest,
    pull,
    target,
  }) => {
    expect(digestOf('unsigned', target)).toBe(digestOf('signed', target));
    expect(await pull(guest, 'signed')).toMatchObject(expectedOutcome({ image: 'signed' }, target));
    const otherTag = { image: 'unsigned', refusal: 'otherIdentity' } as const;
    expect(await pull(guest, 'unsigned')).toMatchObject(expectedOutcome(otherTag, target));
  });

  test('a refusal does not stand in the way of the next pull under the same container id', async ({
    guest,
    pull,
    target,
  }) => {
    const refusal = await pull(guest, 'unsigned');
    expect(refusal).toMatchObject(expectedOutcome({ image: 'unsigned', refusal: 'otherIdentity' }, target));
    const { containerId } = refusal;
    const pulled = await pull(guest, 'signed', { containerId });
    expect(pulled).toMatchObject(expectedOutcome({ image: 'signed' }, target));
  });

  test('the console says which policy is used', async ({ guest, pull }) => {
    const since = await guest.console.cursor();
    await pull(guest, 'small');
    expect(await guest.console.textSince(since)).toContain(
      'Using container policy_path: Some(\\"/etc/containers/quay_verification/quay_policy.json\\")...',
    );
  });
});

describe('with another policy', { tags: ['guest-pull-skopeo', 'guest-console'] }, () => {
  test.for(POLICY_SCENARIOS)('%s', async ([, { policy, pulls }], { pull, target, withPolicy }) => {
    const guest = await withPolicy(policy);
    for (const one of pulls) expect(await pull(guest, one.image)).toMatchObject(expectedOutcome(one, target));
  });

  test('without a policy every image is accepted, and the console says that none was configured', async ({
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

  test('a policy file that does not exist refuses every pull', async ({ pull, withPolicy }) => {
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
