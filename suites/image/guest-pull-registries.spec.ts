import {
  describe,
  expect,
  expectedStoragePull,
  type GuestOptions,
  makeRandomImage,
  test,
  withCdhConfig,
} from '../../fixtures/test.ts';

const tags = ['guest-pull-storage', 'guest-console', 'fault-injection', 'unsigned-images', 'debug-console'] as const;

const CONFIGURATION = '/etc/containers/registries.conf';
/** An address of the guest at which nothing listens. */
const NOWHERE = '127.0.0.1:9';

/** Settings of a registry in registries.conf, besides its prefix. */
const registry = (prefix: string, settings: string): string => `[[registry]]\nprefix = "${prefix}"\n${settings}\n`;
const at = (location: string): string => `location = "${location}"\ninsecure = true`;
const mirror = (location: string, more = 'insecure = true'): string =>
  `[[registry.mirror]]\nlocation = "${location}"\n${more}`;

/** A registry configuration for images of docker.io/library, which the registry at `address` serves. */
interface RegistriesRow {
  readonly configuration: (address: string) => string;
  /** What the error says if the pull fails. */
  readonly fails?: RegExp;
}

const CONFIGURATIONS = Object.entries<RegistriesRow>({
  'a location that serves the image is accepted': {
    configuration: (address) => registry('docker.io/library', at(`${address}/library`)),
  },
  'a location without a server fails': {
    configuration: () => registry('docker.io/library', at(`${NOWHERE}/library`)),
    fails: /image: 127\.0\.0\.1:9\/library\/\S+, error: .*error sending request for url \(http:/,
  },
  'a location that is not insecure fails at a registry without TLS': {
    configuration: (address) => registry('docker.io/library', `location = "${address}/library"`),
    fails: /error sending request for url \(https:/,
  },
  'a mirror that serves the image is accepted, whatever its location': {
    configuration: (address) =>
      registry('docker.io/library', `${at(`${NOWHERE}/library`)}\n${mirror(`${address}/library`)}`),
  },
  'a mirror without a server is accepted by its location': {
    configuration: (address) =>
      registry('docker.io/library', `${at(`${address}/library`)}\n${mirror(`${NOWHERE}/library`)}`),
  },
  'two mirrors, of which the second serves the image, is accepted': {
    configuration: (address) =>
      registry(
        'docker.io/library',
        [at(`${NOWHERE}/library`), mirror(`${address}/elsewhere`), mirror(`${address}/library`)].join('\n'),
      ),
  },
  'a mirror and a location that lack the image fails with the error of each': {
    configuration: (address) =>
      registry('docker.io/library', `${at(`${NOWHERE}/library`)}\n${mirror(`${address}/elsewhere`)}`),
    fails: /image: \S+\/elsewhere\/\S+, error: [^\n]*\nimage: 127\.0\.0\.1:9\/library\/\S+, error: /,
  },
  'a mirror that is not insecure fails at a registry without TLS': {
    configuration: (address) =>
      registry('docker.io/library', `${at(`${NOWHERE}/library`)}\n${mirror(`${address}/library`, '')}`),
    fails: /error sending request for url \(https:\S+\)\nimage: 127\.0\.0\.1:9\/library/,
  },
  'a blocked registry fails': {
    configuration: (address) => registry('docker.io/library', `${at(`${address}/library`)}\nblocked = true`),
    fails: /failed to compose a legal image reference with given registry configuration$/,
  },
  'a blocked registry whose repositories have a location of their own is accepted': {
    configuration: (address) =>
      registry('docker.io', 'blocked = true') + registry('docker.io/library', at(`${address}/library`)),
  },
  'a location whose repositories are blocked fails': {
    configuration: (address) => registry('docker.io', at(address)) + registry('docker.io/library', 'blocked = true'),
    fails: /failed to compose a legal image reference with given registry configuration$/,
  },
  'a prefix with a wildcard is accepted': {
    configuration: (address) => registry('*.io', at(address)),
  },
  'a prefix of another registry fails at the registry that the image names': {
    configuration: (address) => registry('quay.io/library', at(`${address}/library`)),
    fails: /image: docker\.io\/library\/\S+, error: .*error sending request for url \(https:\/\/index\.docker\.io/,
  },
  'an unqualified-search registry that serves the image is accepted': {
    configuration: (address) =>
      `unqualified-search-registries = ["search.example"]\n${registry('search.example', at(`${address}/library`))}`,
  },
  'an invalid TOML file fails': {
    configuration: () => '[[registry',
    fails: /Malwared registry configuration: /,
  },
  'a registry with neither prefix nor location fails': {
    configuration: () => '[[registry]]\nblocked = true\n',
    fails: /illegal Registry Config: both location and prefix are empty/,
  },
  'a mirror without a location fails': {
    configuration: (address) => registry('docker.io/library', `${at(`${address}/library`)}\n${mirror('')}`),
    fails: /illegal Registry Config: mirror location is empty/,
  },
});

describe('registry configuration of the CDH', { tags: [...tags] }, () => {
  test.for(CONFIGURATIONS)(
    'CreateContainer with image_guest_pull and a registry configuration with %s',
    async ([, { configuration, fails }], { launchWithFaultyRegistry, createFromImage, target }) => {
      const { guest, serve } = await launchWithFaultyRegistry({ policy: null });
      await guest.run(['dd', `of=${CONFIGURATION}`], { input: configuration(target.registry.guestAddress) });
      expect(await createFromImage(guest, serve(await makeRandomImage()))).toMatchObject(
        fails === undefined
          ? expectedStoragePull()
          : { status: 'internal', answer: expect.stringMatching(fails), bundle: [] },
      );
    },
  );
});

/** The registry configuration for a registry at this address, plain HTTP or TLS. */
const located = (location: string, insecure: boolean): string =>
  `[[image.registry_config.registry]]\nprefix = 'docker.io/library'\nlocation = '${location}/library'\ninsecure = ${insecure}\n`;

/** Why TLS rejects a certificate, as OpenSSL and rustls say it: a CDH is built with either. */
const UNKNOWN_AUTHORITY = /unable to get local issuer certificate|self-signed certificate|UnknownIssuer/;
const OTHER_ADDRESS = /IP address mismatch|NotValidForName/;

describe('TLS and proxies of the CDH', { tags: [...tags, 'init-data', 'virtual-machine'] }, () => {
  const certificates = (...authorities: readonly string[]): string =>
    `extra_root_certificates = ${JSON.stringify(authorities)}\n`;

  test('CreateContainer with image_guest_pull from a registry with TLS is accepted with its authority in extra_root_certificates, and fails with another or none', async ({
    launchWithFaultyRegistry,
    createCertificate,
    createFromImage,
    target,
  }) => {
    const { guestAddress } = target.registry;
    const [host = ''] = guestAddress.split(':');
    const tls = await createCertificate(host);
    const { authority: other } = await createCertificate(host);
    for (const [authorities, accepted] of [
      [[tls.authority], true],
      [[other], false],
      [[], false],
    ] as const) {
      const options = withCdhConfig(certificates(...authorities) + located(guestAddress, false));
      const { guest, serve } = await launchWithFaultyRegistry({ ...options, tls });
      expect(await createFromImage(guest, serve(await makeRandomImage()))).toMatchObject(
        accepted
          ? expectedStoragePull()
          : { status: 'internal', bundle: [], console: expect.stringMatching(UNKNOWN_AUTHORITY) },
      );
    }
  });

  test('CreateContainer with image_guest_pull from a registry whose certificate is for another address fails', async ({
    launchWithFaultyRegistry,
    createCertificate,
    createFromImage,
    target,
  }) => {
    const tls = await createCertificate('192.0.2.1');
    const options = withCdhConfig(certificates(tls.authority) + located(target.registry.guestAddress, false));
    const { guest, serve } = await launchWithFaultyRegistry({ ...options, tls });
    expect(await createFromImage(guest, serve(await makeRandomImage()))).toMatchObject({
      status: 'internal',
      bundle: [],
      console: expect.stringMatching(OTHER_ADDRESS),
    });
  });

  const proxied = (address: string, more: string): GuestOptions =>
    withCdhConfig(
      `[image.image_pull_proxy]\nhttp_proxy = 'http://${address}'\n${more}\n${located('registry.example', true)}`,
    );

  test('CreateContainer with image_guest_pull through http_proxy is accepted for a registry that only the proxy reaches, and fails if no_proxy names the registry', async ({
    launchWithFaultyRegistry,
    createFromImage,
    target,
  }) => {
    const { guestAddress } = target.registry;
    const through = await launchWithFaultyRegistry(proxied(guestAddress, ''));
    const image = through.serve(await makeRandomImage());
    expect(await createFromImage(through.guest, image)).toMatchObject(expectedStoragePull());
    expect(new Set(through.registry.proxiedHosts)).toEqual(new Set(['registry.example']));
    const around = await launchWithFaultyRegistry(proxied(guestAddress, "no_proxy = 'registry.example'"));
    expect(await createFromImage(around.guest, around.serve(await makeRandomImage()))).toMatchObject({
      status: 'internal',
      answer: expect.stringMatching(/error sending request for url \(http:\/\/registry\.example\//),
      bundle: [],
      console: expect.stringMatching(/dns error/),
    });
    expect(around.registry.proxiedHosts).toEqual([]);
  });

  test('CreateContainer with image_guest_pull fails while http_proxy does not answer', async ({
    launchWithFaultyRegistry,
    createFromImage,
  }) => {
    const { guest, serve } = await launchWithFaultyRegistry(proxied(NOWHERE, ''));
    expect(await createFromImage(guest, serve(await makeRandomImage()))).toMatchObject({
      status: 'internal',
      bundle: [],
      console: expect.stringMatching(/"tcp connect error",\s*127\.0\.0\.1:9/),
    });
  });
});
