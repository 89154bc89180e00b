import {
  describe,
  expect,
  expectedStoragePull,
  failedStoragePull,
  layerStore,
  makeRandomImage,
  type PullFailure,
  type RegistryFault,
  test,
  timedOutStoragePull,
} from '../../fixtures/test.ts';

/** image-rs's error for a manifest that it does not get. */
const manifest = (error: RegExp): PullFailure => ({
  error: new RegExp(`failed to pull image manifest: ${error.source}`),
});

/** image-rs's error for a layer that ends too early or is not what the manifest names; the cause is on the console alone. */
const layer = (cause: RegExp, step = 'unpack layer to destination'): PullFailure => ({
  error: new RegExp(`Failed to decode layer data stream: Failed to unpack layer: Failed to ${step}$`),
  cause,
});

/** image-rs's error for a layer whose download does not start. */
const download = (cause: RegExp): PullFailure => ({ error: /Failed to async pull blob stream$/, cause });

const WRONG_DIGEST = /VerificationError \{\s*expected: "sha256:([0-9a-f]{64})",\s*actual: "sha256:(?!\1)[0-9a-f]{64}"/;

const FAULTS = Object.entries({
  'closes every connection without an answer': [
    { kind: 'down' },
    manifest(/error sending request for url \(http:\S+\/manifests\/latest\)$/),
  ],
  'closes the connection within a layer': [
    { kind: 'cut', afterBytes: 100_000 },
    layer(
      /error: reqwest::Error \{\s*kind: Decode,\s*source: hyper::Error\(\s*Body,\s*Custom \{\s*kind: UnexpectedEof/,
    ),
  ],
  'serves a layer with a changed byte': [
    { kind: 'wrong-digest' },
    layer(/kind: InvalidData,\s*error: "CRC computed does not match"/, 'read entries from the tar'),
  ],
  'serves a truncated layer': [{ kind: 'truncated', bytes: 100_000 }, layer(WRONG_DIGEST)],
  'answers 429 with Retry-After to the first request for a manifest': [
    { kind: 'status', status: 429, retryAfterSeconds: 1, times: 1 },
    manifest(/Server error: url \S+, code: 429, message: $/),
  ],
  'answers 503 with Retry-After to the first request for a manifest': [
    { kind: 'status', status: 503, retryAfterSeconds: 1, times: 1 },
    manifest(/Server error: url \S+, code: 503, message: $/),
  ],
  'answers 403 with an ISO-8859-1 page to requests for a manifest': [
    { kind: 'forbidden', page: '<html>Accès refusé</html>' },
    // image-rs replaces bytes that are not UTF-8.
    manifest(/Server error: url \S+, code: 403, message: <html>Acc\ufffds refus\ufffd<\/html>$/),
  ],
  'answers 500 to requests for a layer': [
    { kind: 'status', of: 'layer', status: 500, retryAfterSeconds: 1, times: 1 },
    download(/source: RequestError\(\s*reqwest::Error \{\s*kind: Status\(\s*500/),
  ],
  'answers 404 to requests for a layer': [
    { kind: 'status', of: 'layer', status: 404, retryAfterSeconds: 1, times: 1 },
    download(/source: RequestError\(\s*reqwest::Error \{\s*kind: Status\(\s*404/),
  ],
  'redirects requests for a layer to an address without a server': [
    { kind: 'redirect', to: 'http://127.0.0.1:9/layer' },
    download(/ConnectError\(\s*"tcp connect error",\s*127\.0\.0\.1:9,[^)]*kind: ConnectionRefused/),
  ],
} satisfies Record<string, readonly [RegistryFault, PullFailure]>);

describe('image_guest_pull from a faulty registry', {
  tags: ['guest-pull-storage', 'guest-console', 'fault-injection', 'unsigned-images'],
}, () => {
  test.for(FAULTS)(
    'CreateContainer with image_guest_pull from a registry that %s fails, leaves no layer, and succeeds once the fault is over',
    async ([, [fault, failure]], { faultyRegistry, createFromImage }) => {
      const { guest, registry, serve } = faultyRegistry;
      const image = serve(await makeRandomImage());
      const layers = await layerStore(guest);
      registry.set(fault);
      const failed = await createFromImage(guest, image);
      expect(failed).toMatchObject(failedStoragePull(failure));
      expect(await layerStore(guest)).toEqual(layers);
      registry.set(undefined);
      const { containerId } = failed;
      expect(await createFromImage(guest, image, { containerId })).toMatchObject(expectedStoragePull());
      expect(registry.asked).toContain('GET layer');
    },
  );

  test('CreateContainer with image_guest_pull follows the redirect of a layer to another URL', async ({
    faultyRegistry,
    createFromImage,
  }) => {
    const { guest, registry, serve } = faultyRegistry;
    registry.set({ kind: 'redirect' });
    expect(await createFromImage(guest, serve(await makeRandomImage()))).toMatchObject(expectedStoragePull());
    expect(registry.asked.filter((asked) => asked === 'GET layer')).toHaveLength(2);
  });

  test('CreateContainer with image_guest_pull from a slow registry succeeds and takes as long as the transfer of the layer', async ({
    faultyRegistry,
    createFromImage,
    within,
  }) => {
    const { guest, registry, serve } = faultyRegistry;
    registry.set({ kind: 'slow', bytesPerSecond: 300_000 });
    const creating = createFromImage(guest, serve(await makeRandomImage()));
    await registry.sees('GET layer', within('registry-request'));
    const begun = performance.now();
    expect(await creating).toMatchObject(expectedStoragePull());
    // At the limited rate, 300 kB and the overhead of compression take a second.
    expect(performance.now() - begun).toBeGreaterThan(900);
  });

  test('CreateContainer with image_guest_pull fails when the socat that connects the guest to the registry dies, and the next one succeeds', async ({
    faultyRegistry,
    createFromImage,
    within,
  }) => {
    const { guest, killRelays, registry, serve } = faultyRegistry;
    const image = serve(await makeRandomImage());
    registry.set({ kind: 'slow', bytesPerSecond: 100_000 });
    const creating = createFromImage(guest, image);
    await registry.sees('GET layer', within('registry-request'));
    expect(await killRelays()).toBeGreaterThan(0);
    const failed = await creating;
    // image-rs has requested the layer; it may or may not have received the start of it.
    const error = /Failed to (?:async pull blob stream|decode layer data stream: .*)$/;
    expect(failed).toMatchObject(
      failedStoragePull({ error, cause: /source: hyper(?:_util::client::legacy)?::Error\(/ }),
    );
    registry.set(undefined);
    const { containerId } = failed;
    expect(await createFromImage(guest, image, { containerId })).toMatchObject(expectedStoragePull());
  });

  // image-rs reads a manifest into memory whatever its size; only the agent's timeout ends that.
  test('CreateContainer with image_guest_pull from a registry that serves an endless manifest ends at agent.image_pull_timeout, and succeeds once the fault is over', async ({
    launchWithFaultyRegistry,
    createFromImage,
    within,
  }) => {
    const { guest, registry, serve } = await launchWithFaultyRegistry({
      kernelParameters: ['agent.image_pull_timeout=10'],
    });
    const image = serve(await makeRandomImage());
    registry.set({ kind: 'endless-manifest' });
    const creating = createFromImage(guest, image);
    await registry.sees('GET manifest', within('registry-request'));
    const failed = await creating;
    expect(failed).toMatchObject(timedOutStoragePull());
    registry.set(undefined);
    const { containerId } = failed;
    expect(await createFromImage(guest, image, { containerId })).toMatchObject(expectedStoragePull());
  });
});
