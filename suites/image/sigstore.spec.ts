import {
  test as base,
  describe,
  expect,
  expectedSigstorePull,
  expectedStoragePull,
  INVALID_POLICIES,
  SIGSTORE_IDENTITIES,
  SIGSTORE_IMAGES,
  SIGSTORE_KEY_SOURCES,
  SIGSTORE_KEYS,
  SIGSTORE_MOVED,
  SIGSTORE_REFERENCES,
  SIGSTORE_RESOURCES,
  SIGSTORE_SIGNATURES,
} from '../../fixtures/test.ts';

// Keeps the evidence of passing tests too: the report shows which image was accepted or rejected, and why.
const test = base.extend('keepEvidence', { scope: 'file' }, true);

const POLICY = '/run/image-policy.json';

// rustls or OpenSSL: the two TLS libraries with which upstream builds a CDH.
const UNTRUSTED_AUTHORITY = /\bUnknownIssuer\b|unable to get local issuer certificate/;

const tags = ['guest-pull-storage', 'init-data', 'guest-console', 'debug-console', 'virtual-machine'] as const;

describe('image_guest_pull under sigstoreSigned', { tags: [...tags] }, () => {
  test.for([...SIGSTORE_IMAGES, ...SIGSTORE_SIGNATURES, ...SIGSTORE_REFERENCES])(
    'with a sigstoreSigned policy, image_guest_pull of %s',
    async ([, scenario], { pullSigstore, sigstoreGuest }) => {
      expect(await pullSigstore(sigstoreGuest, scenario)).toMatchObject(expectedSigstorePull(scenario));
    },
  );

  test.for(SIGSTORE_KEY_SOURCES)(
    'with a sigstoreSigned policy, image_guest_pull of a signed image %s',
    async ([, scenario], { pullSigstore, sigstoreGuest }) => {
      expect(await pullSigstore(sigstoreGuest, scenario)).toMatchObject(expectedSigstorePull(scenario));
    },
  );

  test.for([...SIGSTORE_KEYS, ...SIGSTORE_IDENTITIES])(
    'with a sigstoreSigned policy, image_guest_pull of an image %s',
    async ([, scenario], { pullSigstore, sigstoreGuest }) => {
      expect(await pullSigstore(sigstoreGuest, scenario)).toMatchObject(expectedSigstorePull(scenario));
    },
  );

  test('with a sigstoreSigned policy, image_guest_pull of an unsigned image from an unprotected registry is accepted', async ({
    createFromImage,
    sigstoreGuest,
  }) => {
    expect(await createFromImage(sigstoreGuest, 'small')).toMatchObject(expectedStoragePull({ image: 'small' }));
  });

  // image-rs looks up signatures over HTTPS alone, also in a registry that its configuration calls insecure.
  test('with a sigstoreSigned policy, image_guest_pull from a registry without TLS is rejected', async ({
    createFromImage,
    sigstoreGuest,
    target,
  }) => {
    const reference = `${target.registry.guestAddress}/kata-containers/confidential-containers:signed`;
    expect(await createFromImage(sigstoreGuest, { reference })).toMatchObject({
      status: 'internal',
      answer: expect.stringMatching(/Image policy rejected: Denied by policy: rejected by `sigstoreSigned` rule$/),
      console: expect.stringMatching(
        /RegistryFetchManifestError \{\s*image: "[^"]+:signed",\s*error: "error sending request/,
      ),
      bundle: [],
    });
  });

  test('with a sigstoreSigned policy, image_guest_pull of a tag that moved from a signed to an unsigned image is rejected', async ({
    pullSigstore,
    sigstoreGuest,
    sigstoreRegistry,
  }) => {
    expect(await pullSigstore(sigstoreGuest, SIGSTORE_MOVED)).toMatchObject(expectedSigstorePull(SIGSTORE_MOVED));
    await sigstoreRegistry.move(SIGSTORE_MOVED.tag);
    expect(await pullSigstore(sigstoreGuest, SIGSTORE_MOVED)).toMatchObject(
      expectedSigstorePull({ rejection: 'movedTag' }),
    );
  });
});

describe('image_guest_pull with other configurations of the CDH', { tags: [...tags] }, () => {
  // Upstream's names of resources: k8s-guest-pull-image-signature.bats has policy and key in the KBS.
  test('image_guest_pull with an image policy and its key from kbs:/// accepts a signed image and rejects others', async ({
    launchSigstore,
    pullSigstore,
  }) => {
    const guest = await launchSigstore({ policyUri: 'kbs:///default/security-policy/test' });
    for (const [claim, scenario] of SIGSTORE_RESOURCES) {
      expect(await pullSigstore(guest, scenario), claim).toMatchObject(expectedSigstorePull(scenario));
    }
  });

  test('image_guest_pull from a registry over TLS is rejected without its authority in extra_root_certificates', async ({
    launchSigstore,
    pullSigstore,
  }) => {
    const guest = await launchSigstore({ authorities: [], policyUri: null });
    expect(await pullSigstore(guest, { tag: 'signed' })).toMatchObject({
      status: 'internal',
      answer: expect.stringMatching(
        /error: Errors happened when pulling image: failed to pull image manifest: error sending request/,
      ),
      console: expect.stringMatching(UNTRUSTED_AUTHORITY),
      bundle: [],
      layers: 0,
    });
  });

  // The same image, with an image policy, is rejected above.
  test('image_guest_pull of an unsigned image is accepted without an image policy', async ({
    launchSigstore,
    pullSigstore,
  }) => {
    const guest = await launchSigstore({ policyUri: null });
    expect(await pullSigstore(guest, { tag: 'unsigned' })).toMatchObject(expectedSigstorePull());
  });

  test('image_guest_pull is rejected while the image policy is missing or invalid, and accepted once it is valid', async ({
    launchSigstore,
    pullSigstore,
    sigstorePolicyText,
  }) => {
    const guest = await launchSigstore({ policyUri: `file://${POLICY}` });
    const signed = { tag: 'signed' };
    const rejected = (reason: string) => ({
      status: 'internal',
      answer: `[CDH] [ERROR]: Image Client error: ${reason}`,
      bundle: [],
      layers: 0,
    });
    expect(await pullSigstore(guest, signed)).toMatchObject(
      rejected('Initialize resource provider failed: Failed to read local file'),
    );
    for (const [fault, text] of INVALID_POLICIES) {
      await guest.run(['dd', `of=${POLICY}`], { input: text });
      expect(await pullSigstore(guest, signed), fault).toMatchObject(
        rejected('Initialize signature validator failed: Invalid image policy file'),
      );
    }
    await guest.run(['dd', `of=${POLICY}`], { input: sigstorePolicyText });
    expect(await pullSigstore(guest, signed)).toMatchObject(expectedSigstorePull());
  });
});
