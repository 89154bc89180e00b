import {
  ALLOW_ALL,
  APPRAISAL_SCENARIOS,
  annotatedEvidence,
  attestationToken,
  test as base,
  DENY_ALL,
  describe,
  expect,
  expectedAccess,
  expectedDecryptionPod,
  expectedPodPull,
  expectedSigstorePod,
  initdataDigestOf,
  isSignedBy,
  KBS_CREDENTIALS_CONFIG,
  KBS_IMAGE_CONFIG,
  kbsCredentials,
  kbsImagePolicy,
  onlyInitdata,
  RESOURCE,
  RESOURCE_POLICY_SCENARIOS,
  SIGSTORE_RESOURCES,
  secretUri,
  setResources,
  setUpAccess,
} from '../../fixtures/test.ts';

// Some claims of suites/attestation, made there for requests of our client to the agent, here for containers of a pod: containerd calls
// Kata's shim, which passes the initdata with the KBS's address on to the guest.
const test = base.extend('keepEvidence', { scope: 'file' }, true);

const tags = [
  'kata-shim',
  'cri',
  'kbs',
  'guest-components',
  'guest-pull-storage',
  'init-data',
  'main-rpc',
  'guest-console',
  'password-registry',
] as const;

const PATH = `/cdh/resource/${RESOURCE}`;
const FIRST = { pod: true, initdata: { data: { 'note.txt': 'first' } } } as const;
const SECOND = { pod: true, initdata: { algorithm: 'sha384', data: { 'note.txt': 'second' } } } as const;

describe('pod whose guest attests to a KBS', { tags: [...tags] }, () => {
  test.for(RESOURCE_POLICY_SCENARIOS.filter(([, { inPods }]) => inPods))(
    'a container of a pod %s',
    async ([, scenario], { askApi, attestedPod, kbs, newId }) => {
      const content = `content of ${newId()}`;
      await setUpAccess(kbs.admin, scenario, content);
      expect(await askApi(attestedPod, PATH)).toMatchObject(expectedAccess(scenario, content));
    },
  );

  test.for(APPRAISAL_SCENARIOS.filter(([, { inPods }]) => inPods))(
    'under a resource policy that requires affirmed evidence, a container of a pod %s',
    async ([, scenario], { askApi, attestedPod, kbs, newId }) => {
      const content = `content of ${newId()}`;
      await setUpAccess(kbs.admin, scenario, content);
      expect(await askApi(attestedPod, PATH)).toMatchObject(expectedAccess(scenario, content));
    },
  );

  test('a container of a pod gets the secret of a sealed variable only if the KBS gives its guest secret and key', async ({
    attestedPod,
    kbs,
    runPodScript,
    sealer,
  }) => {
    const sealed = sealer.seal();
    const unseal = () => runPodScript(attestedPod, 'echo "[$SECRET]"', { env: { SECRET: sealed } });
    await setResources(kbs.admin, sealer.resources);
    const denied = await unseal();
    expect(denied.output).toBe(`[${sealed}]\n`);
    expect(denied.console).toMatch(/Access denied by policy/);
    await kbs.admin.setResourcePolicy(ALLOW_ALL);
    expect((await unseal()).output).toBe(`[${sealer.secret}]\n`);
    await kbs.admin.deleteResource(secretUri('text').slice('kbs:///'.length));
    expect((await unseal()).output).toBe(`[${sealed}]\n`);
  });
});

describe('initdata of pods in their evidence', { tags: [...tags] }, () => {
  test('the KBS gives a resource only to the pod whose initdata its policy names, by the digest of the annotation', async ({
    askApi,
    kbs,
    kbsRelay,
    launchAttested,
  }) => {
    const [first, second] = [await launchAttested(FIRST), await launchAttested(SECOND)];
    const digest = initdataDigestOf(kbsRelay, FIRST);
    const { claims, token } = attestationToken((await askApi(first, '/aa/token?token_type=kbs')).text);
    expect(isSignedBy(token, kbs)).toBe(true);
    expect(annotatedEvidence(claims)).toMatchObject({ init_data: digest, init_data_claims: { 'note.txt': 'first' } });

    const [accepted, rejected] = [expectedAccess({}, 'text'), expectedAccess({ rejection: 'denied' }, 'text')];
    await setUpAccess(kbs.admin, { resourcePolicy: onlyInitdata(digest) }, 'text');
    expect(await askApi(first, PATH)).toMatchObject(accepted);
    expect(await askApi(second, PATH)).toMatchObject(rejected);
    await kbs.admin.setResourcePolicy(onlyInitdata(initdataDigestOf(kbsRelay, SECOND)));
    expect(await askApi(first, PATH)).toMatchObject(rejected);
    expect(await askApi(second, PATH)).toMatchObject(accepted);
  });
});

describe('pod whose CDH gets policies, credentials and keys of images from a KBS', { tags: [...tags] }, () => {
  const rejected = (cause: RegExp) => ({
    state: 'CONTAINER_EXITED',
    answer: expect.stringMatching(/\[CDH\] \[ERROR\]: Image /),
    console: expect.stringMatching(cause),
  });

  test('CRI StartContainer of an image from a password-protected registry is accepted once the KBS gives image policy and registry credentials, and of an encrypted image with its key alone', async ({
    credentials,
    imageKeys,
    kbs,
    launchAttested,
    placeholder,
    runEncrypted,
    runFromImage,
    target,
  }) => {
    await placeholder(`${target.passwordRegistry.guestAddress}/private/busybox:latest`);
    const { guestAddress } = target.passwordRegistry;
    await setResources(kbs.admin, kbsImagePolicy('insecureAcceptAnything'));
    await setResources(kbs.admin, kbsCredentials(guestAddress, credentials));
    const guest = await launchAttested({ pod: true, initdata: { image: KBS_CREDENTIALS_CONFIG } });

    await kbs.admin.setResourcePolicy(DENY_ALL);
    expect(await runFromImage(guest, 'private')).toMatchObject(rejected(/Access denied by policy/));
    await kbs.admin.setResourcePolicy(ALLOW_ALL);
    expect(await runFromImage(guest, 'private')).toMatchObject(expectedPodPull({ image: 'private' }));

    const [first = ''] = Object.keys(imageKeys);
    expect(await runEncrypted(guest, 'whole')).toMatchObject({
      state: 'CONTAINER_EXITED',
      console: expect.stringMatching(/Plugin internal error/),
    });
    await kbs.admin.setResource(first, Buffer.alloc(32, 1));
    expect(await runEncrypted(guest, 'whole')).toMatchObject(
      expectedDecryptionPod({ image: 'whole', rejection: 'keyWrong' }),
    );
    await setResources(kbs.admin, imageKeys);
    expect(await runEncrypted(guest, 'whole')).toMatchObject(expectedDecryptionPod({ image: 'whole' }));
  });

  test('CRI StartContainer under an image policy of the KBS that rejects everything is rejected', async ({
    kbs,
    launchAttested,
    runFromImage,
  }) => {
    await kbs.admin.setResourcePolicy(ALLOW_ALL);
    await setResources(kbs.admin, kbsImagePolicy('reject'));
    const guest = await launchAttested({ pod: true, initdata: { image: KBS_IMAGE_CONFIG } });
    expect(await runFromImage(guest, 'small')).toMatchObject(
      expectedPodPull({ image: 'small', rejection: 'everythingRejected' }),
    );
  });

  test('CRI StartContainer with image policy and cosign key from a KBS rejects every image until the KBS gives both, and then accepts a signed image and rejects others', async ({
    kbs,
    launchAttested,
    runSigstore,
    sigstoreByKbs: { options, resources },
    sigstoreRegistry,
  }) => {
    const guest = await launchAttested({ ...options, pod: true });
    await setResources(kbs.admin, resources);
    await kbs.admin.setResourcePolicy(DENY_ALL);
    expect(await runSigstore(guest, { tag: 'key-resource' })).toMatchObject(rejected(/Access denied by policy/));
    await kbs.admin.setResourcePolicy(ALLOW_ALL);
    await kbs.admin.deleteResource('default/cosign-public-key/test');
    expect(await runSigstore(guest, { tag: 'key-resource' })).toMatchObject(rejected(/Plugin internal error/));
    await setResources(kbs.admin, resources);
    for (const [claim, scenario] of SIGSTORE_RESOURCES) {
      const expected = expectedSigstorePod(scenario, sigstoreRegistry.digests);
      expect(await runSigstore(guest, scenario), claim).toMatchObject(expected);
    }
  });
});
