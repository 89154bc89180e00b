import {
  test as base,
  CDH_POLICY_SCENARIOS,
  CDH_SIGNATURE_SCENARIOS,
  CONTAINER_BASE,
  describe,
  expect,
  expectedStoragePull,
  listDirectory,
  policyPath,
  readAll,
} from '../../fixtures/test.ts';

// Keeps the evidence of passing tests too: the report shows which image was accepted or rejected, and why.
const test = base.extend('keepEvidence', { scope: 'file' }, true);

const tags = ['guest-pull-storage', 'guest-console'] as const;

describe('container with an image_guest_pull storage', { tags: [...tags, 'unsigned-images'] }, () => {
  test('CreateContainer with an image_guest_pull storage creates a container that runs a program of the image', async ({
    guest,
    createFromImage,
  }) => {
    const { containerId, ...outcome } = await createFromImage(guest, 'busybox', { args: ['sh', '-c', 'echo up'] });
    expect(outcome).toMatchObject(expectedStoragePull({ image: 'busybox' }));
    await guest.agent.startContainer({ containerId });
    expect(await readAll(guest, 'stdout', containerId, containerId)).toBe('up\n');
  });

  test('RemoveContainer deletes the directory of a container with an image_guest_pull storage', async ({
    guest,
    createFromImage,
  }) => {
    const { containerId, ...outcome } = await createFromImage(guest, 'busybox', { args: ['true'] });
    expect(outcome).toMatchObject(expectedStoragePull({ image: 'busybox' }));
    await guest.agent.startContainer({ containerId });
    await guest.agent.waitProcess({ containerId, execId: containerId });
    await guest.agent.removeContainer({ containerId });
    expect(await listDirectory(guest, `${CONTAINER_BASE}/${containerId}`)).toBeUndefined();
  });

  test('a container with an image_guest_pull storage does not see what another container of the same image wrote', async ({
    guest,
    createFromImage,
  }) => {
    const said = async (script: string): Promise<string> => {
      const { containerId } = await createFromImage(guest, 'busybox', { args: ['sh', '-c', script] });
      await guest.agent.startContainer({ containerId });
      return readAll(guest, 'stdout', containerId, containerId);
    };
    expect(await said('echo mine > /written; cat /written')).toBe('mine\n');
    expect(await said('cat /written 2>/dev/null || echo nothing')).toBe('nothing\n');
  });

  test('CreateContainer with an image_guest_pull storage fails while the registry is down', async ({
    launch,
    createFromImage,
  }) => {
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

// Scenarios with another outcome than for skopeo are left out here and have a test of their own below.
describe('image_guest_pull under the policy of the upstream rootfs', { tags: [...tags, 'upstream-policy'] }, () => {
  test.for(CDH_SIGNATURE_SCENARIOS)(
    'CreateContainer with image_guest_pull of %s',
    async ([, scenario], { guest, createFromImage }) => {
      expect(await createFromImage(guest, scenario.image)).toMatchObject(expectedStoragePull(scenario));
    },
  );

  test('CreateContainer with image_guest_pull of a signed image under a tag that its signature does not name is rejected', async ({
    launch,
    createFromImage,
  }) => {
    const guest = await launch();
    expect(await createFromImage(guest, 'unsigned')).toMatchObject(
      expectedStoragePull({ image: 'unsigned', rejection: 'otherIdentity' }),
    );
  });

  // image-rs looks up an image in its store before it verifies a signature.
  test('CreateContainer with image_guest_pull of an image that was accepted before is accepted under another tag too', async ({
    launch,
    createFromImage,
  }) => {
    const guest = await launch();
    for (const image of ['signed', 'unsigned'] as const) {
      expect(await createFromImage(guest, image)).toMatchObject(expectedStoragePull({ image }));
    }
  });

  // image-rs applies a policy to the reference that it pulls from, after it mapped the name of the image.
  test('CreateContainer with image_guest_pull ignores a policy scope that has the image name before registry mapping', async ({
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

describe('image_guest_pull under another policy', { tags: [...tags] }, () => {
  test.for(CDH_POLICY_SCENARIOS)(
    'CreateContainer with image_guest_pull under %s',
    async ([, { policy, pulls }], { launch, createFromImage }) => {
      const guest = await launch({ policy });
      for (const one of pulls) expect(await createFromImage(guest, one.image)).toMatchObject(expectedStoragePull(one));
    },
  );

  // image-rs does not check when a key expires.
  test('CreateContainer with image_guest_pull of an image signed with an expired key is accepted', async ({
    launch,
    createFromImage,
  }) => {
    const guest = await launch({ policy: 'expired_key.json' });
    expect(await createFromImage(guest, 'expiredKey')).toMatchObject(expectedStoragePull({ image: 'expiredKey' }));
  });

  test('CreateContainer with image_guest_pull under a policy file with an unknown field accepts a signed image', async ({
    launch,
    createFromImage,
  }) => {
    const guest = await launch({ policy: 'unknown_key.json' });
    expect(await createFromImage(guest, 'signed')).toMatchObject(expectedStoragePull({ image: 'signed' }));
  });

  test('CreateContainer with image_guest_pull without a policy accepts an image signed for another tag', async ({
    launch,
    createFromImage,
  }) => {
    const guest = await launch({ policy: null });
    expect(await createFromImage(guest, 'unsigned')).toMatchObject(expectedStoragePull({ image: 'unsigned' }));
  });
});

describe('image_guest_pull from a password-protected registry', {
  tags: [...tags, 'password-registry', 'unsigned-images'],
}, () => {
  const FILE = '/run/registry-auth.json';

  test('CreateContainer with image_guest_pull from a password-protected registry is accepted with the right credentials', async ({
    launch,
    createFromImage,
    credentials,
    target,
  }) => {
    const guest = await launch({ kernelParameters: [`agent.image_registry_auth=file://${FILE}`] });
    const auth = Buffer.from(credentials).toString('base64');
    const auths = { [target.passwordRegistry.guestAddress]: { auth } };
    await guest.run(['dd', `of=${FILE}`], { input: JSON.stringify({ auths }) });
    expect(await createFromImage(guest, 'private')).toMatchObject(expectedStoragePull({ image: 'private' }));
  });

  test('CreateContainer with image_guest_pull from a password-protected registry is rejected without credentials', async ({
    guest,
    createFromImage,
  }) => {
    expect(await createFromImage(guest, 'private')).toMatchObject(
      expectedStoragePull({ image: 'private', rejection: 'unauthorized' }),
    );
  });
});

// Neither the guest's init nor the agent, which starts no guest components by default here, starts the CDH.
test('CreateContainer with an image_guest_pull storage times out when the agent found no CDH, and Check still returns SERVING', {
  tags: [...tags],
}, async ({ launch, newId, within }) => {
  const guest = await launch({ kernelParameters: ['kata_cc.agent_starts_cdh'] });
  const containerId = newId();
  const storages = [{ driver: 'image_guest_pull', driverOptions: ['image_guest_pull={"metadata":{}}'], source: 'x' }];
  const OCI = { Root: { Path: 'rootfs' } };
  await expect(guest.agent.createContainer({ containerId, OCI, storages }, within('quick-rpc'))).rejects.toMatchObject({
    code: 'deadline_exceeded',
  });
  expect(await guest.console.textSince(0)).toContain('Confidential Data Hub not initialized');
  expect(await guest.agent.check({})).toEqual({ status: 'SERVING' });
});
