import {
  type ConnectProxyOptions,
  describe,
  expect,
  expectedStoragePull,
  type GuestOptions,
  makeRandomImage,
  test,
  withCdhConfig,
} from '../../fixtures/test.ts';

const tags = [
  'guest-pull-storage',
  'guest-console',
  'fault-injection',
  'unsigned-images',
  'debug-console',
  'init-data',
  'virtual-machine',
] as const;

/** Name of the registry, which only the proxy resolves. */
const HOST = 'registry.example';
const TUNNEL = `${HOST}:443`;
const CREDENTIALS = 'user:password';
/** An address of the guest at which nothing listens. */
const NOWHERE = '127.0.0.1:9';
/** Bytes of the layer, which cannot be compressed. */
const LAYER = 300_000;

/** The configuration of a CDH with these proxies, whose registry serves TLS with a certificate of these authorities. */
const proxied = (proxies: string, ...authorities: readonly string[]): GuestOptions =>
  withCdhConfig(
    [
      `extra_root_certificates = ${JSON.stringify(authorities)}`,
      `[image.image_pull_proxy]\n${proxies}`,
      `[[image.registry_config.registry]]\nprefix = 'docker.io/library'\nlocation = '${HOST}/library'\n`,
    ].join('\n'),
  );

/** A pull through a proxy that fails. */
interface RejectionRow {
  /** Proxies of the CDH's configuration, when the proxy of the test is at an address. */
  readonly proxies: (address: string) => string;
  /** The proxy of the test. */
  readonly httpsProxy?: ConnectProxyOptions;
  /** Leaves the registry's authority out of the CDH's configuration. */
  readonly authority?: false;
  /** Cause on the console. */
  readonly cause: RegExp;
  /** Whether the proxy rejects requests, carries tunnels, or sees neither. */
  readonly proxy: 'rejects' | 'carries' | 'sees nothing';
}

const REJECTIONS = Object.entries<RejectionRow>({
  'a proxy that answers 403 to CONNECT': {
    proxies: (address) => `https_proxy = 'http://${address}'`,
    httpsProxy: { rejectsWith: 403 },
    cause: /TunnelUnsuccessful/,
    proxy: 'rejects',
  },
  'a proxy that requires credentials, without them': {
    proxies: (address) => `https_proxy = 'http://${address}'`,
    httpsProxy: { credentials: CREDENTIALS },
    cause: /ProxyAuthRequired/,
    proxy: 'rejects',
  },
  'a proxy that does not answer': {
    proxies: () => `https_proxy = 'http://${NOWHERE}'`,
    cause: /"tcp connect error",\s*127\.0\.0\.1:9/,
    proxy: 'sees nothing',
  },
  'a proxy from which no_proxy excepts the registry': {
    proxies: (address) => `https_proxy = 'http://${address}'\nno_proxy = '${HOST}'`,
    cause: /dns error/,
    proxy: 'sees nothing',
  },
  'a proxy for HTTP alone': {
    proxies: (address) => `http_proxy = 'http://${address}'`,
    cause: /dns error/,
    proxy: 'sees nothing',
  },
  'a proxy from a registry whose authority is not in extra_root_certificates': {
    proxies: (address) => `https_proxy = 'http://${address}'`,
    authority: false,
    cause: /UnknownIssuer|unable to get local issuer certificate|self-signed certificate/,
    proxy: 'carries',
  },
});

describe('proxy for HTTPS of the CDH', { tags: [...tags] }, () => {
  test.for(
    Object.entries<readonly [credentials: string | undefined, httpsProxy: (address: string) => string]>({
      'without credentials': [undefined, (address) => `http://${address}`],
      'with the credentials that the proxy requires': [CREDENTIALS, (address) => `http://${CREDENTIALS}@${address}`],
    }),
  )(
    'CreateContainer with image_guest_pull through https_proxy %s is accepted for a registry over TLS that only the proxy reaches, and the proxy carries the layer',
    async ([, [credentials, url]], { launchWithFaultyRegistry, createCertificate, createFromImage, target }) => {
      const tls = await createCertificate(HOST);
      const options = proxied(`https_proxy = '${url(target.registry.guestAddress)}'`, tls.authority);
      const httpsProxy = credentials === undefined ? {} : { credentials };
      const guest = await launchWithFaultyRegistry({ ...options, tls, httpsProxy });
      const image = guest.serve(await makeRandomImage(LAYER));
      expect(await createFromImage(guest.guest, image)).toMatchObject(expectedStoragePull());
      expect(guest.registry.asked).toContain('GET layer');
      const { tunnels = [] } = guest.httpsProxy ?? {};
      expect(new Set(tunnels.map(({ host }) => host))).toEqual(new Set([TUNNEL]));
      expect(tunnels.reduce((sum, { bytes }) => sum + bytes, 0)).toBeGreaterThan(LAYER);
    },
  );

  test.for(REJECTIONS)(
    'CreateContainer with image_guest_pull through %s fails',
    async ([, row], { launchWithFaultyRegistry, createCertificate, createFromImage, target }) => {
      const tls = await createCertificate(HOST);
      const options = proxied(
        row.proxies(target.registry.guestAddress),
        ...(row.authority === false ? [] : [tls.authority]),
      );
      const { httpsProxy: wanted = {} } = row;
      const { guest, httpsProxy, registry, serve } = await launchWithFaultyRegistry({
        ...options,
        tls,
        httpsProxy: wanted,
      });
      expect(await createFromImage(guest, serve(await makeRandomImage(LAYER)))).toMatchObject({
        status: 'internal',
        answer: expect.stringMatching(/error sending request for url \(https:\/\/registry\.example\//),
        bundle: [],
        console: expect.stringMatching(row.cause),
      });
      expect(registry.asked).toEqual([]);
      expect({
        rejects: new Set(httpsProxy?.rejected),
        carries: new Set(httpsProxy?.tunnels.map(({ host }) => host)),
      }).toEqual({
        rejects: new Set(row.proxy === 'rejects' ? [`CONNECT ${TUNNEL}`] : []),
        carries: new Set(row.proxy === 'carries' ? [TUNNEL] : []),
      });
    },
  );

  test('CreateContainer with image_guest_pull through the proxy of agent.https_proxy is accepted for a registry whose authority the guest trusts', async ({
    launchWithFaultyRegistry,
    createCertificate,
    createFromImage,
    target,
  }) => {
    const tls = await createCertificate(HOST);
    const { kernelParameters = [], ...options } = withCdhConfig(undefined);
    const { guest, httpsProxy, registry, serve } = await launchWithFaultyRegistry({
      ...options,
      kernelParameters: [...kernelParameters, `agent.https_proxy=http://${target.registry.guestAddress}`],
      tls,
      httpsProxy: {},
    });
    await guest.run(['dd', 'of=/etc/ssl/certs/ca-certificates.crt'], { input: tls.authority });
    const { reference } = serve(await makeRandomImage(LAYER));
    const image = { reference: reference.replace('docker.io', HOST) };
    expect(await createFromImage(guest, image)).toMatchObject(expectedStoragePull());
    expect(registry.asked).toContain('GET layer');
    expect(new Set(httpsProxy?.tunnels.map(({ host }) => host))).toEqual(new Set([TUNNEL]));
  });
});
