import {
  AgentEnded,
  describe,
  dockerConfig,
  expect,
  expectedStoragePull,
  test,
  withCdhConfig,
} from '../../fixtures/test.ts';

const FILES = '/run/confidential-containers/initdata';
const CREDENTIALS = '/run/registry-auth.json';

const REGISTRIES = "registry_configuration_uri = 'file:///etc/containers/registries.conf'\n";
const policy = (type: string): string =>
  `${REGISTRIES}image_security_policy = '${JSON.stringify({ default: [{ type }], transports: {} })}'\n`;

describe('the CDH’s configuration in the initdata', {
  tags: ['init-data', 'guest-pull-storage', 'guest-console', 'debug-console'],
}, () => {
  test('the agent starts attestation-agent and CDH with their configurations of the initdata', async ({ launch }) => {
    const guest = await launch(withCdhConfig(REGISTRIES, { 'aa.toml': '# attestation-agent\n' }));
    const { stdout } = await guest.run(['ps', 'ax', '-o', 'args']);
    const argumentsOf = (program: string): string =>
      stdout.split('\n').find((line) => line.includes(`/usr/local/bin/${program} `)) ?? '';
    expect(argumentsOf('attestation-agent')).toContain(`--initdata-toml ${FILES}/initdata.toml -c ${FILES}/aa.toml`);
    expect(argumentsOf('confidential-data-hub')).toContain(`-c ${FILES}/cdh.toml`);
  });

  test('an image policy of the initdata that rejects everything rejects an image, which one that accepts everything accepts', async ({
    createFromImage,
    launch,
  }) => {
    const rejecting = await launch(withCdhConfig(policy('reject')));
    expect(await createFromImage(rejecting, 'small')).toMatchObject(
      expectedStoragePull({ image: 'small', rejection: 'everythingRejected' }),
    );
    const accepting = await launch(withCdhConfig(policy('insecureAcceptAnything')));
    expect(await createFromImage(accepting, 'small')).toMatchObject(expectedStoragePull({ image: 'small' }));
  });

  test('a registry configuration of the initdata maps an image to the registry, or blocks it', async ({
    createFromImage,
    launch,
    target,
  }) => {
    const registry = (settings: string): string =>
      `[image.registry_config]\n[[image.registry_config.registry]]\nprefix = 'docker.io/library'\n${settings}\n`;
    const { guestAddress } = target.registry;
    const mapped = await launch(withCdhConfig(registry(`location = '${guestAddress}/library'\ninsecure = true`)));
    expect(await createFromImage(mapped, 'small')).toMatchObject(expectedStoragePull({ image: 'small' }));
    const blocked = await launch(withCdhConfig(registry('blocked = true')));
    expect(await createFromImage(blocked, 'small')).toMatchObject({
      status: 'internal',
      answer: expect.stringContaining('failed to compose a legal image reference with given registry configuration'),
      bundle: [],
    });
  });

  test('a pull from a password-protected registry succeeds with the credentials that the initdata names, and fails without', {
    tags: ['password-registry'],
  }, async ({ createFromImage, credentials, launch, target }) => {
    const withCredentials = `${REGISTRIES}authenticated_registry_credentials_uri = 'file://${CREDENTIALS}'\n`;
    const input = dockerConfig(target.passwordRegistry.guestAddress, credentials);
    for (const [image, rejection] of [[withCredentials], [REGISTRIES, 'unauthorized']] as const) {
      const guest = await launch(withCdhConfig(image));
      await guest.run(['dd', `of=${CREDENTIALS}`], { input });
      expect(await createFromImage(guest, 'private')).toMatchObject(
        expectedStoragePull({ image: 'private', ...(rejection && { rejection }) }),
      );
    }
  });

  test('the agent ends at its start if the CDH rejects its configuration of the initdata', {
    tags: ['virtual-machine', 'guest-exit'],
  }, async ({ launch }) => {
    const options = withCdhConfig('', { 'cdh.toml': 'kbc = ' });
    const problem: unknown = await launch(options).then(
      () => 'the guest started',
      (error: unknown) => error,
    );
    expect(problem).toBeInstanceOf(AgentEnded);
    expect(String(problem)).toMatch(/wait for \/run\/confidential-containers\/cdh.sock to exist timeout/);
  });
});
