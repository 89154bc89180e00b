import { bundleOf, describe, expect, PULL_FAILED, test } from '../../fixtures/test.ts';

// Which image was let in and why is worth showing even when all is as it should be.
test.override('keepEvidence', true);

/** A refusal seen from three sides: what the RPC says, why skopeo gave up, and that nothing is left in the guest. */
function refused(because: RegExp): object {
  return {
    status: 'internal',
    answer: PULL_FAILED,
    cause: expect.stringMatching(because),
    bundle: undefined,
    leftover: false,
  };
}

describe('with the policy of upstream’s rootfs', { tags: ['guest-pull-skopeo', 'guest-console'] }, () => {
  test('an unsigned image of an unprotected registry is accepted', async ({ guest, pull, target }) => {
    const pulled = await pull(guest, 'busybox');
    expect(pulled).toMatchObject({ status: 'ok', cause: undefined, bundle: bundleOf(target.digests['busybox'] ?? '') });
  });

  test('a signed image of a protected registry is accepted', async ({ guest, pull, target }) => {
    const pulled = await pull(guest, 'signed');
    expect(pulled).toMatchObject({ status: 'ok', cause: undefined, bundle: bundleOf(target.digests['signed'] ?? '') });
  });

  test('the same image under a tag the signature does not name is refused', async ({ guest, pull, target }) => {
    expect(target.digests['unsigned']).toBe(target.digests['signed']);
    const pulled = await pull(guest, 'unsigned');
    expect(pulled).toMatchObject(
      refused(/^Source image rejected: Signature for identity .*:signed"? is not accepted$/),
    );
  });

  test('an image signed with another key is refused', async ({ guest, pull }) => {
    const pulled = await pull(guest, 'otherSigned');
    // Summary 128: the key is missing.
    expect(pulled).toMatchObject(
      refused(/^Source image rejected: Invalid GPG signature: gpgme\.Signature\{Summary:128,/),
    );
  });

  test('an image without any signature is refused', async ({ guest, pull }) => {
    const pulled = await pull(guest, 'noSignature');
    expect(pulled).toMatchObject(refused(/^Source image rejected: A signature was required, but no signature exists$/));
  });

  test('an image whose signature is for another digest is refused', async ({ guest, pull }) => {
    const pulled = await pull(guest, 'digestMismatch');
    expect(pulled).toMatchObject(refused(/^Source image rejected: Signature for digest sha256:0{64} does not match$/));
  });

  test('an image with two signatures, neither of them good, is refused for both reasons', async ({ guest, pull }) => {
    const pulled = await pull(guest, 'twoBad');
    expect(pulled).toMatchObject(
      refused(
        /^Source image rejected: None of the signatures were accepted, reasons: Signature for identity .* is not accepted; Invalid GPG signature: /,
      ),
    );
  });

  test('a refusal does not stand in the way of the next pull under the same container id', async ({
    guest,
    pull,
    target,
  }) => {
    const refusal = await pull(guest, 'unsigned');
    expect(refusal.status).toBe('internal');
    const { containerId } = refusal;
    const pulled = await pull(guest, 'signed', { containerId });
    expect(pulled).toMatchObject({ status: 'ok', bundle: bundleOf(target.digests['signed'] ?? '') });
  });
});

describe('with another policy', { tags: ['guest-pull-skopeo', 'guest-console'] }, () => {
  test('an image signed with a key that has expired since is refused', async ({ launch, pull }) => {
    const guest = await launch({ policy: 'expired_key.json' });
    const pulled = await pull(guest, 'expiredKey');
    // Summary 32: the key has expired.
    expect(pulled).toMatchObject(
      refused(/^Source image rejected: Invalid GPG signature: gpgme\.Signature\{Summary:32,/),
    );
  });

  test('the key decides: with the other key trusted, its image is accepted and the signed one refused', async ({
    launch,
    pull,
    target,
  }) => {
    const guest = await launch({ policy: 'other_key.json' });
    expect(await pull(guest, 'otherSigned')).toMatchObject({
      status: 'ok',
      bundle: bundleOf(target.digests['otherSigned'] ?? ''),
    });
    expect(await pull(guest, 'signed')).toMatchObject(refused(/^Source image rejected: Invalid GPG signature: /));
  });

  test('a policy whose key file is missing refuses what it protects, and says which file', async ({ launch, pull }) => {
    const guest = await launch({ policy: 'missing_key.json' });
    expect(await pull(guest, 'signed')).toMatchObject(
      refused(
        /^Source image rejected: open \/etc\/containers\/quay_verification\/nosuchkey\.gpg: no such file or directory$/,
      ),
    );
    expect(await pull(guest, 'busybox')).toMatchObject({ status: 'ok' });
  });

  test('a policy that rejects everything refuses even the unprotected', async ({ launch, pull }) => {
    const guest = await launch({ policy: 'reject_all.json' });
    expect(await pull(guest, 'busybox')).toMatchObject(
      refused(/^Source image rejected: Running image docker:\/\/.* is rejected by policy\.$/),
    );
  });

  test('a policy that accepts everything lets the unsigned in', async ({ launch, pull }) => {
    const guest = await launch({ policy: 'accept_all.json' });
    expect(await pull(guest, 'unsigned')).toMatchObject({ status: 'ok' });
    expect(await pull(guest, 'noSignature')).toMatchObject({ status: 'ok' });
  });

  test('without a policy every image is accepted, and the console says that none was configured', async ({
    launch,
    pull,
  }) => {
    const guest = await launch({ policy: null });
    expect(await pull(guest, 'unsigned')).toMatchObject({ status: 'ok' });
    expect(await guest.console.textSince(0)).toContain(
      'No policy path was supplied, so revert to allow all images to be pulled.',
    );
  });

  test('with a policy the console says which one is used', async ({ guest, pull }) => {
    const since = await guest.console.cursor();
    await pull(guest, 'busybox');
    expect(await guest.console.textSince(since)).toContain(
      'Using container policy_path: Some(\\"/etc/containers/quay_verification/quay_policy.json\\")...',
    );
  });
});

describe('with a policy that is none', { tags: ['guest-pull-skopeo', 'guest-console'] }, () => {
  test('a policy that is not JSON refuses every pull', async ({ launch, pull }) => {
    const guest = await launch({ policy: 'malformed.json' });
    expect(await pull(guest, 'busybox')).toMatchObject(refused(/^Error loading trust policy: invalid policy in /));
  });

  test('a policy with an unknown field refuses every pull', async ({ launch, pull }) => {
    const guest = await launch({ policy: 'unknown_key.json' });
    expect(await pull(guest, 'signed')).toMatchObject(refused(/^Error loading trust policy: .*Unknown key "defaultx"/));
  });

  test('a policy file that does not exist refuses every pull', async ({ launch, pull }) => {
    const guest = await launch({
      policy: null,
      kernelParameters: ['agent.container_policy_file=/etc/containers/nosuch.json'],
    });
    expect(await pull(guest, 'busybox')).toMatchObject(
      refused(/^Error loading trust policy: open \/etc\/containers\/nosuch\.json: no such file or directory$/),
    );
  });
});
