import {
  buildIndex,
  describe,
  expect,
  expectedStoragePull,
  failedStoragePull,
  type Image,
  imageOf,
  layerOf,
  layerStore,
  makeImage,
  makeRandomImage,
  type PullFailure,
  test,
  withConfig,
  withManifest,
} from '../../fixtures/test.ts';

const tags = ['guest-pull-storage', 'guest-console', 'fault-injection', 'unsigned-images'] as const;

const DOCKER_LAYER = 'application/vnd.docker.image.rootfs.diff.tar';

/** The image with other media types of its layers, as its manifest has them. */
const withLayerType = (image: Image, mediaType: string): Image =>
  withManifest(image, { layers: image.layers.map(({ bytes, digest }) => ({ mediaType, digest, size: bytes.length })) });

const failsToDecode = (step: string, cause: RegExp): PullFailure => ({
  error: new RegExp(`Failed to decode layer data stream: Failed to unpack layer: Failed to ${step}$`),
  cause,
});
const failsToParse = (error: string): PullFailure => ({ error: new RegExp(`failed to pull image manifest: ${error}`) });
const unhandled = (mediaType: string): PullFailure => ({
  error: new RegExp(`Failed to decode layer: unhandled media type: ${mediaType}$`),
});

/** An invalid image, made from a valid one. */
interface InvalidRow {
  readonly of: (image: Image) => Image | Promise<Image>;
  readonly failure: PullFailure;
}

const INVALID = Object.entries<InvalidRow>({
  'whose manifest is a page in HTML': {
    of: (image) => withManifest(image, '<html></html>'),
    failure: failsToParse('Failed to parse manifest: expected value at line 1 column 1$'),
  },
  'whose manifest has schema version 1': {
    of: (image) => withManifest(image, { schemaVersion: 1 }),
    failure: failsToParse('Unsupported schema version: 1$'),
  },
  'whose manifest has an unknown media type': {
    of: (image) => withManifest(image, { mediaType: 'application/vnd.example+json' }),
    failure: failsToParse('Unsupported media type: application/vnd\\.example\\+json$'),
  },
  'whose manifest names no layers, while its configuration does': {
    of: (image) => withManifest(image, { layers: [] }),
    failure: { error: /Internal error$/, cause: /Pulled number of layers mismatch with image config diff_ids/ },
  },
  'without layers': {
    of: (image) => withConfig(withManifest(image, { layers: [] }), { rootfs: { type: 'layers', diff_ids: [] } }),
    failure: {
      error: /Failed to create bundle$/,
      cause: /failed to mount .*overlay.* to .*, with error: EINVAL/,
      bundle: ['rootfs'],
    },
  },
  'whose configuration is not JSON': {
    of: (image) => withConfig(image, 'configuration'),
    failure: { error: /Internal error$/, cause: /expected value/ },
  },
  'whose configuration has another digest than the manifest names': {
    of: (image) => ({ ...image, config: { ...image.config, bytes: Buffer.from('{}') } }),
    failure: failsToParse('Digest error: Invalid digest. Expected sha256:[0-9a-f]{64}, got sha256:[0-9a-f]{64}$'),
  },
  'for another operating system': {
    of: (image) => withConfig(image, { os: 'windows' }),
    failure: { error: /Failed to create bundle$/, cause: /unsupport OS image Windows/, bundle: ['rootfs'] },
  },
  'whose configuration names another digest of the uncompressed layer': {
    of: (image) =>
      withConfig(image, { rootfs: { type: 'layers', diff_ids: image.layers.map(() => `sha256:${'0'.repeat(64)}`) } }),
    failure: { error: /unequal uncompressed digest sha256:[0-9a-f]{64} config diff_id sha256:0{64}$/ },
  },
  'whose configuration names a digest of an unknown algorithm': {
    of: (image) =>
      withConfig(image, { rootfs: { type: 'layers', diff_ids: image.layers.map(() => `md5:${'0'.repeat(32)}`) } }),
    failure: { error: /Failed to decode layer data stream: Unsupported uncompressed digest format: md5:0{32}$/ },
  },
  'with a gzip layer of media type zstd': {
    of: (image) => withLayerType(image, 'application/vnd.oci.image.layer.v1.tar+zstd'),
    failure: failsToDecode('read entries from the tar', /Unknown frame descriptor/),
  },
  'with a gzip layer of the media type of an uncompressed layer': {
    of: (image) => withLayerType(image, 'application/vnd.oci.image.layer.v1.tar'),
    failure: failsToDecode('read entries from the tar', /source: Custom/),
  },
  'with a layer of Docker’s media type for an uncompressed layer': {
    of: (image) => withLayerType(image, DOCKER_LAYER),
    failure: unhandled('application/vnd\\.docker\\.image\\.rootfs\\.diff\\.tar'),
  },
  'with a layer of an unknown media type': {
    of: (image) => withLayerType(image, 'application/vnd.example.layer'),
    failure: unhandled('application/vnd\\.example\\.layer'),
  },
  'with a layer that is not an archive': {
    of: () => imageOf([layerOf(Buffer.alloc(2_000, 'not an archive'))]),
    failure: failsToDecode('read entries from the tar', /source: Custom/),
  },
  'with a hard link to a file that its layer does not have': {
    of: () => makeImage([[{ path: 'link', type: 'hard link', to: 'missing' }]]),
    failure: failsToDecode('unpack layer to destination', /missing/),
  },
});

describe('manifests of images that the CDH pulls', { tags: [...tags] }, () => {
  test.for(INVALID)(
    'CreateContainer with image_guest_pull of an image %s fails',
    async ([, { of, failure }], { faultyRegistry: { guest, serve }, createFromImage }) => {
      const invalid = await of(await makeRandomImage());
      expect(await createFromImage(guest, serve(invalid))).toMatchObject(failedStoragePull(failure));
    },
  );

  test('CreateContainer with image_guest_pull of an image from which the invalid ones are made succeeds', async ({
    faultyRegistry: { guest, serve },
    createFromImage,
  }) => {
    expect(await createFromImage(guest, serve(await makeRandomImage()))).toMatchObject(expectedStoragePull());
  });

  test.for([
    ['a manifest of Docker’s schema 2, with its media types', `${DOCKER_LAYER}.gzip`, 'docker'],
    ['layers that are not to be distributed', 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip', 'oci'],
  ] as const)(
    'CreateContainer with image_guest_pull of an image with %s succeeds',
    async ([, layers, kind], { faultyRegistry: { guest, serve }, createFromImage }) => {
      const image = withLayerType(await makeRandomImage(), layers);
      const docker = { mediaType: 'application/vnd.docker.distribution.manifest.v2+json' };
      const served = kind === 'docker' ? withManifest(image, docker) : image;
      expect(await createFromImage(guest, serve(served))).toMatchObject(expectedStoragePull());
    },
  );

  // image-rs compares digests, but not the sizes that a manifest names.
  test('CreateContainer with image_guest_pull of an image whose manifest names another size of its layer succeeds', async ({
    faultyRegistry: { guest, serve },
    createFromImage,
  }) => {
    const image = await makeRandomImage();
    const layers = image.layers.map(({ digest, mediaType }) => ({ mediaType, digest, size: 1 }));
    expect(await createFromImage(guest, serve(withManifest(image, { layers })))).toMatchObject(expectedStoragePull());
  });

  // image-rs keeps a layer whose uncompressed digest is not the one of the configuration, and does not use it.
  test('CreateContainer with image_guest_pull leaves a layer with an unequal uncompressed digest in the store', async ({
    faultyRegistry: { guest, serve },
    createFromImage,
  }) => {
    const before = await layerStore(guest);
    const image = await makeRandomImage();
    const diff_ids = [`sha256:${'0'.repeat(64)}`];
    const failed = await createFromImage(guest, serve(withConfig(image, { rootfs: { type: 'layers', diff_ids } })));
    expect(failed.status).toBe('internal');
    expect(await layerStore(guest)).toHaveLength(before.length + 1);
    expect(await createFromImage(guest, serve(image))).toMatchObject(expectedStoragePull());
  });
});

const OURS = { os: 'linux', architecture: { x64: 'amd64', arm64: 'arm64' }[process.arch as string] ?? process.arch };
const OTHER = { os: 'linux', architecture: 'riscv64' };
const WINDOWS = { ...OURS, os: 'windows' };
const ATTESTATION = { os: 'unknown', architecture: 'unknown' };

describe('image indexes that the CDH pulls', { tags: [...tags] }, () => {
  test.for(['oci', 'docker'] as const)(
    'CreateContainer with image_guest_pull of an index of type %s takes the image for the platform of the guest, among others and attestations',
    async (kind, { faultyRegistry: { guest, serve, registry }, createFromImage }) => {
      const ours = await makeRandomImage();
      const other = withConfig(await makeRandomImage(), { os: 'windows' });
      const entries = [ATTESTATION, OTHER, WINDOWS].map((platform) => ({ image: other, platform }));
      const index = buildIndex([...entries, { image: ours, platform: OURS }, { image: other, platform: OURS }], kind);
      registry.set(undefined);
      expect(await createFromImage(guest, serve(index))).toMatchObject(expectedStoragePull());
      expect(registry.asked.filter((asked) => asked === 'GET manifest')).toHaveLength(2);
    },
  );

  test.for([
    ['without the platform of the guest', [OTHER, WINDOWS, ATTESTATION]],
    ['without platforms', [undefined]],
    ['without images', []],
  ] as const)(
    'CreateContainer with image_guest_pull of an index %s fails',
    async ([, platforms], { faultyRegistry: { guest, serve }, createFromImage }) => {
      const image = await makeRandomImage();
      const index = buildIndex(platforms.map((platform) => (platform === undefined ? { image } : { image, platform })));
      const none = 'no entry found in image index manifest matching client.s default platform';
      expect(await createFromImage(guest, serve(index))).toMatchObject(
        failedStoragePull(failsToParse(`Image manifest not found: ${none}$`)),
      );
    },
  );

  test('CreateContainer with image_guest_pull of an index whose image for the platform of the guest is missing fails', async ({
    faultyRegistry: { guest, serve },
    createFromImage,
  }) => {
    const index = buildIndex([{ image: await makeRandomImage(), platform: OURS }]);
    expect(await createFromImage(guest, serve({ ...index, images: [] }))).toMatchObject(
      failedStoragePull(failsToParse('Registry error: url \\S+/manifests/sha256:[0-9a-f]{64}, envelope: .*not served')),
    );
  });

  test('CreateContainer with image_guest_pull of an index whose entry is an index fails', async ({
    faultyRegistry: { guest, serve },
    createFromImage,
  }) => {
    const inner = buildIndex([{ image: await makeRandomImage(), platform: OURS }]);
    const outer = buildIndex([{ image: { ...(await makeRandomImage()), manifest: inner.manifest }, platform: OURS }]);
    expect(await createFromImage(guest, serve(outer))).toMatchObject(
      failedStoragePull(failsToParse('Image manifest not found: received Image Index manifest instead$')),
    );
  });
});

const ZEROS = `sha256:${'0'.repeat(64)}`;

describe('references by digest of images that the CDH pulls', { tags: [...tags] }, () => {
  test.for([
    ['its digest', (digest: string) => `@${digest}`],
    ['its tag and its digest', (digest: string) => `:latest@${digest}`],
    ['its digest and a tag that does not exist', (digest: string) => `:nosuchtag@${digest}`],
  ] as const)(
    'CreateContainer with image_guest_pull of an image by %s succeeds',
    async ([, by], { faultyRegistry: { guest, serve }, createFromImage }) => {
      const image = await makeRandomImage();
      expect(await createFromImage(guest, serve(image, by(image.manifest.digest)))).toMatchObject(
        expectedStoragePull(),
      );
    },
  );

  test.for([
    ['by a digest that the registry does not have', `@${ZEROS}`, 'envelope: .*not served'],
    ['by its tag and a digest that the registry does not have', `:latest@${ZEROS}`, 'envelope: .*not served'],
    ['by a tag that the registry does not have', ':nosuchtag', 'envelope: .*not served'],
  ] as const)(
    'CreateContainer with image_guest_pull of an image %s fails',
    async ([, by, error], { faultyRegistry: { guest, serve }, createFromImage }) => {
      expect(await createFromImage(guest, serve(await makeRandomImage(), by))).toMatchObject(
        failedStoragePull(failsToParse(`Registry error: url \\S+, ${error}`)),
      );
    },
  );

  test('CreateContainer with image_guest_pull by digest of an image whose registry serves another manifest fails', async ({
    faultyRegistry: { guest, serve },
    createFromImage,
  }) => {
    const image = await makeRandomImage();
    const { manifest } = await makeRandomImage();
    const { digest } = image.manifest;
    const served = serve({ ...image, manifest: { ...manifest, digest } }, `@${digest}`);
    expect(await createFromImage(guest, served)).toMatchObject(failedStoragePull(failsToParse('Digest error: ')));
  });

  test.for(['docker.io/library/Small:latest', 'docker.io/library/small@sha256:0'])(
    'CreateContainer with image_guest_pull of the invalid reference %s fails',
    async (reference, { faultyRegistry: { guest }, createFromImage }) => {
      expect(await createFromImage(guest, { reference })).toMatchObject({
        status: 'internal',
        answer: expect.stringMatching(/^\[CDH\] \[ERROR\]: Image Pull error: Illegal image reference$/),
        bundle: [],
      });
    },
  );
});
