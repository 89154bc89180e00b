import {
  describe,
  expect,
  expectedStoragePull,
  failedStoragePull,
  layerStore,
  makeRandomImage,
  test,
  timedOutStoragePull,
} from '../../fixtures/test.ts';

const tags = ['guest-pull-storage', 'guest-console', 'fault-injection', 'unsigned-images'] as const;

describe('time limits of pulls by the CDH', { tags: [...tags] }, () => {
  test('CreateContainer with image_guest_pull of a slow layer ends at agent.image_pull_timeout, and a pull within the timeout succeeds', async ({
    launchWithFaultyRegistry,
    createFromImage,
    within,
  }) => {
    const { guest, registry, serve } = await launchWithFaultyRegistry({
      kernelParameters: ['agent.image_pull_timeout=10'],
    });
    const image = serve(await makeRandomImage());
    registry.set({ kind: 'slow', bytesPerSecond: 10_000 });
    const creating = createFromImage(guest, image);
    await registry.sees('GET layer', within('registry-request'));
    const failed = await creating;
    expect(failed).toMatchObject(timedOutStoragePull());
    registry.set(undefined);
    const { containerId } = failed;
    expect(await createFromImage(guest, image, { containerId })).toMatchObject(expectedStoragePull());
  });
});

describe('memory of the guest and pulls by the CDH', { tags: [...tags, 'virtual-machine'] }, () => {
  const MEMORY_MIB = 320;

  // Without an image storage, image-rs unpacks into a tmpfs, which takes half of the memory.
  test('CreateContainer with image_guest_pull of an image larger than the memory of the guest fails and leaves no layer, and a small image is accepted', async ({
    launchWithFaultyRegistry,
    createFromImage,
  }) => {
    const { guest, serve } = await launchWithFaultyRegistry({ machine: { memoryMib: MEMORY_MIB } });
    const large = serve(await makeRandomImage(MEMORY_MIB * 1_048_576));
    expect(await createFromImage(guest, large)).toMatchObject(
      failedStoragePull({
        error: /Failed to decode layer data stream: Failed to unpack layer: Failed to unpack layer to destination$/,
        cause: /kind: StorageFull,\s*message: "No space left on device"/,
      }),
    );
    expect(await layerStore(guest)).toEqual([]);
    expect(await createFromImage(guest, serve(await makeRandomImage()))).toMatchObject(expectedStoragePull());
  });
});

const FILE = '/run/registry-auth.json';
const encoded = (text: string): string => Buffer.from(text).toString('base64');

describe('credentials of pulls by the CDH', { tags: [...tags, 'password-registry'] }, () => {
  const auths = (of: Readonly<Record<string, string>>): string =>
    JSON.stringify({ auths: Object.fromEntries(Object.entries(of).map(([key, auth]) => [key, { auth }])) });

  test.for(
    Object.entries<readonly [file: (address: string, right: string) => string, fails?: RegExp]>({
      'for the registry is accepted': [(address, right) => auths({ [address]: encoded(right) })],
      'for the repository is accepted': [(address, right) => auths({ [`${address}/private`]: encoded(right) })],
      'for the URL of the registry is accepted': [(address, right) => auths({ [`http://${address}`]: encoded(right) })],
      'for the repository, before others for the registry, is accepted': [
        (address, right) => auths({ [address]: encoded('user:wrong'), [`${address}/private`]: encoded(right) }),
      ],
      'with a wrong password fails': [
        (address) => auths({ [address]: encoded('user:wrong') }),
        /failed to pull image manifest: Not authorized: url \S+$/,
      ],
      'for another registry fails': [
        (_address, right) => auths({ 'quay.io': encoded(right) }),
        /failed to pull image manifest: Not authorized: url \S+$/,
      ],
      'for another repository fails': [
        (address, right) => auths({ [`${address}/other`]: encoded(right) }),
        /failed to pull image manifest: Not authorized: url \S+$/,
      ],
      'that are not in base64 fails': [
        (address, right) => auths({ [address]: right }),
        /Illegal registry auth for image \S+ from auth config$/,
      ],
      'without a colon fails': [
        (address) => auths({ [address]: encoded('user') }),
        /Illegal registry auth for image \S+ from auth config$/,
      ],
      'in a file that is not JSON fails': [() => '{"auths": ', /Invalid registry auth file/],
      'in a file without auths fails': [() => '{}', /Invalid registry auth file/],
    }),
  )(
    'CreateContainer with image_guest_pull from a password-protected registry with credentials %s',
    async ([, [file, fails]], { launch, createFromImage, credentials, target }) => {
      const guest = await launch({ kernelParameters: [`agent.image_registry_auth=file://${FILE}`] });
      await guest.run(['dd', `of=${FILE}`], { input: file(target.passwordRegistry.guestAddress, credentials) });
      expect(await createFromImage(guest, 'private')).toMatchObject(
        fails === undefined
          ? expectedStoragePull()
          : { status: 'internal', answer: expect.stringMatching(fails), bundle: [] },
      );
    },
  );
});
