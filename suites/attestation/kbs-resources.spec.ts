import {
  ALLOW_ALL,
  DENY_ALL,
  describe,
  expect,
  expectedDecryption,
  expectedStoragePull,
  KBS_CREDENTIALS_CONFIG,
  KBS_IMAGE_CONFIG,
  kbsCredentials,
  kbsImagePolicy,
  secretUri,
  setResources,
  test,
} from '../../fixtures/test.ts';

const tags = [
  'kbs',
  'guest-components',
  'guest-pull-storage',
  'init-data',
  'main-rpc',
  'guest-console',
  'debug-console',
  'virtual-machine',
  'password-registry',
] as const;

describe('what a CDH gets from the KBS', { tags: [...tags] }, () => {
  test('a guest pulls an image with image policy and registry credentials of the KBS once the KBS gives them, and decrypts an image with its key alone', async ({
    createFromEncrypted,
    createFromImage,
    credentials,
    imageKeys,
    kbs,
    launchAttested,
    target,
  }) => {
    const { guestAddress } = target.passwordRegistry;
    await setResources(kbs.admin, kbsImagePolicy('insecureAcceptAnything'));
    await setResources(kbs.admin, kbsCredentials(guestAddress, credentials));
    const guest = await launchAttested({ initdata: { image: KBS_CREDENTIALS_CONFIG } });

    await kbs.admin.setResourcePolicy(DENY_ALL);
    expect(await createFromImage(guest, 'private')).toMatchObject({
      status: 'internal',
      answer: expect.stringMatching(/^\[CDH\] \[ERROR\]: Image /),
      console: expect.stringMatching(/Access denied by policy/),
      bundle: [],
    });
    await kbs.admin.setResourcePolicy(ALLOW_ALL);
    expect(await createFromImage(guest, 'private')).toMatchObject(expectedStoragePull({ image: 'private' }));

    const [first = ''] = Object.keys(imageKeys);
    expect(await createFromEncrypted(guest, 'whole')).toMatchObject({
      status: 'internal',
      console: expect.stringMatching(/Plugin internal error/),
      file: undefined,
      kept: 0,
    });
    await kbs.admin.setResource(first, Buffer.alloc(32, 1));
    expect(await createFromEncrypted(guest, 'whole')).toMatchObject(expectedDecryption('keyWrong'));
    await setResources(kbs.admin, imageKeys);
    expect(await createFromEncrypted(guest, 'whole')).toMatchObject(expectedDecryption());
  });

  test('a guest rejects an image by an image policy of the KBS', async ({ createFromImage, kbs, launchAttested }) => {
    await kbs.admin.setResourcePolicy(ALLOW_ALL);
    await setResources(kbs.admin, kbsImagePolicy('reject'));
    const guest = await launchAttested({ initdata: { image: KBS_IMAGE_CONFIG } });
    expect(await createFromImage(guest, 'small')).toMatchObject(
      expectedStoragePull({ image: 'small', rejection: 'everythingRejected' }),
    );
  });

  test('a container gets the secret of a sealed variable only if the KBS gives its guest secret and key', async ({
    attestedGuest: guest,
    kbs,
    runScript,
    sealer,
  }) => {
    const sealed = sealer.seal();
    const unseal = () => runScript(guest, 'echo "[$SECRET]"', { env: [`SECRET=${sealed}`] });
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

describe('files that a CDH gets from the KBS when it starts', { tags: [...tags] }, () => {
  const FILE = '/run/confidential-containers/cdh/kbs/file';
  const kernelParameters = [`cdh.kbs_resources=kbs:///default/file/test::${FILE}`, 'agent.launch_process_timeout=20'];

  test('a guest has a file of cdh.kbs_resources once it started, with the content of the KBS’s resource', async ({
    kbs,
    launchAttested,
  }) => {
    await setResources(kbs.admin, { 'default/file/test': Buffer.from('text of the file') });
    await kbs.admin.setResourcePolicy(ALLOW_ALL);
    const guest = await launchAttested({ kernelParameters });
    expect((await guest.run(['cat', FILE])).stdout).toBe('text of the file');
  });

  test('the agent ends at its start if the KBS rejects a file of cdh.kbs_resources', { tags: ['guest-exit'] }, async ({
    kbs,
    launchAttested,
  }) => {
    await kbs.admin.setResourcePolicy(DENY_ALL);
    await expect(launchAttested({ kernelParameters })).rejects.toMatchObject({
      console: expect.stringMatching(/kbs client get resource failed: .*UnAuthorized/),
    });
  });
});
