import {
  test as base,
  CONTAINER_BASE,
  describe,
  expect,
  expectedStoragePull,
  HUB_POLICY_SCENARIOS,
  HUB_SIGNATURE_SCENARIOS,
  listDirectory,
  policyPath,
  readAll,
} from '../../fixtures/test.ts';

// Which image was let in and why is worth showing even when all is as it should be.
const test = base.extend('keepEvidence', { scope: 'file' }, true);

const tags = ['guest-pull-storage', 'guest-console'] as const;

describe('a container whose image is pulled for it', { tags: [...tags, 'unsigned-images'] }, () => {
  test('runs what is in the image', async ({ guest, createFromImage }) => {
    const { containerId, ...outcome } = await createFromImage(guest, 'busybox', { args: ['sh', '-c', 'echo up'] });
    expect(outcome).toMatchObject(expectedStoragePull({ image: 'busybox' }));
    await guest.agent.startContainer({ containerId });
    expect(await readAll(guest, 'stdout', containerId, containerId)).toBe('up\n');
  });

  test('takes everything along when it is removed', async ({ guest, createFromImage }) => {
    const { containerId } = await createFromImage(guest, 'busybox', { args: ['true'] });
    await guest.agent.startContainer({ containerId });
    await guest.agent.waitProcess({ containerId, execId: containerId });
    await guest.agent.removeContainer({ containerId });
    expect(await listDirectory(guest, `${CONTAINER_BASE}/${containerId}`)).toBeUndefined();
  });

  test('shares its image with others and nothing of what it writes', async ({ guest, createFromImage }) => {
    const said = async (script: string): Promise<string> => {
      const { containerId } = await createFromImage(guest, 'busybox', { args: ['sh', '-c', script] });
      await guest.agent.startContainer({ containerId });
      return readAll(guest, 'stdout', containerId, containerId);
    };
    expect(await said('echo mine > /written; cat /written')).toBe('mine\n');
    expect(await said('cat /written 2>/dev/null || echo nothing')).toBe('nothing\n');
  });

  test('is refused while the registry is down', async ({ launch, createFromImage }) => {
    const guest = await launch({ registry: false });
    expect(await createFromImage(guest, 'busybox')).toMatchObject({
      status: 'internal',
      answer: expect.stringMatching(
        /^\[CDH\] \[ERROR\]: .*failed to pull image manifest: error sending request for url/,
      ),
      bundle: [],
    });
  });
});

// What is held otherwise is claimed below.
describe('with the policy of upstream’s rootfs', { tags: [...tags, 'upstream-policy'] }, () => {
  test.for(HUB_SIGNATURE_SCENARIOS)('%s', async ([, scenario], { guest, createFromImage }) => {
    expect(await createFromImage(guest, scenario.image)).toMatchObject(expectedStoragePull(scenario));
  });

  test('the same image under a tag the signature does not name is refused', async ({ launch, createFromImage }) => {
    const guest = await launch();
    expect(await createFromImage(guest, 'unsigned')).toMatchObject(
      expectedStoragePull({ image: 'unsigned', refusal: 'otherIdentity' }),
    );
  });

  // image-rs looks for an image it has before it looks at the signature.
  test('an image that was let in is let in under every tag from then on', async ({ launch, createFromImage }) => {
    const guest = await launch();
    for (const image of ['signed', 'unsigned'] as const) {
      expect(await createFromImage(guest, image)).toMatchObject(expectedStoragePull({ image }));
    }
  });

  // image-rs judges an image by where it is taken from after its name was mapped.
  test('a scope that names an image as it is asked for says nothing of a mapped one', async ({
    launch,
    createFromImage,
  }) => {
    const guest = await launch({
      policy: null,
      kernelParameters: [
        'agent.enable_signature_verification=true',
        `agent.image_policy_file=file://${policyPath('quay_policy.json')}`,
      ],
    });
    expect(await createFromImage(guest, 'noSignature')).toMatchObject(expectedStoragePull({ image: 'noSignature' }));
  });
});

describe('with another policy', { tags: [...tags] }, () => {
  test.for(HUB_POLICY_SCENARIOS)('%s', async ([, { policy, pulls }], { launch, createFromImage }) => {
    const guest = await launch({ policy });
    for (const one of pulls) expect(await createFromImage(guest, one.image)).toMatchObject(expectedStoragePull(one));
  });

  // image-rs does not ask a key when it expires.
  test('an image signed with a key that has expired since is accepted', async ({ launch, createFromImage }) => {
    const guest = await launch({ policy: 'expired_key.json' });
    expect(await createFromImage(guest, 'expiredKey')).toMatchObject(expectedStoragePull({ image: 'expiredKey' }));
  });

  test('a field that image-rs does not know is passed over', async ({ launch, createFromImage }) => {
    const guest = await launch({ policy: 'unknown_key.json' });
    expect(await createFromImage(guest, 'signed')).toMatchObject(expectedStoragePull({ image: 'signed' }));
  });

  test('without a policy every image is accepted', async ({ launch, createFromImage }) => {
    const guest = await launch({ policy: null });
    expect(await createFromImage(guest, 'unsigned')).toMatchObject(expectedStoragePull({ image: 'unsigned' }));
  });
});

describe('an image that needs a password', { tags: [...tags, 'password-registry', 'unsigned-images'] }, () => {
  const FILE = '/run/registry-auth.json';

  test('is accepted with it', async ({ launch, createFromImage, credentials, target }) => {
    const guest = await launch({ kernelParameters: [`agent.image_registry_auth=file://${FILE}`] });
    const auth = Buffer.from(credentials).toString('base64');
    const auths = { [target.passwordRegistry.guestAddress]: { auth } };
    await guest.run(['dd', `of=${FILE}`], { input: JSON.stringify({ auths }) });
    expect(await createFromImage(guest, 'private')).toMatchObject(expectedStoragePull({ image: 'private' }));
  });

  test('is refused without', async ({ guest, createFromImage }) => {
    expect(await createFromImage(guest, 'private')).toMatchObject(
      expectedStoragePull({ image: 'private', refusal: 'unauthorized' }),
    );
  });
});

// The agent looks for the hub once, and only when it has all that it was told to start itself.
test('an agent that has found no hub never answers who wants an image of it', { tags: [...tags] }, async ({
  launch,
  newId,
}) => {
  const guest = await launch({ kernelParameters: ['agent.guest_components_procs=confidential-data-hub'] });
  const containerId = newId();
  const storages = [{ driver: 'image_guest_pull', driverOptions: ['image_guest_pull={"metadata":{}}'], source: 'x' }];
  const OCI = { Root: { Path: 'rootfs' } };
  await expect(guest.agent.createContainer({ containerId, OCI, storages }, { timeoutMs: 5_000 })).rejects.toMatchObject(
    {
      code: 'deadline_exceeded',
    },
  );
  expect(await guest.console.textSince(0)).toContain('Confidential Data Hub not initialized');
  expect(await guest.agent.check({})).toEqual({ status: 'SERVING' });
});
