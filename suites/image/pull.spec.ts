import {
  bundleOf,
  CONTAINER_BASE,
  describe,
  ESCAPED,
  expect,
  extraDigest,
  listDirectory,
  MISSING_TAG,
  PULL_FAILED,
  test,
} from '../../fixtures/test.ts';

describe('PullImage', { tags: ['guest-pull-skopeo', 'guest-console', 'unsigned-images'] }, () => {
  test('PullImage leaves exactly the four entries of a bundle, with the digest of the image, and no temporary directory', async ({
    guest,
    pull,
    target,
  }) => {
    const pulled = await pull(guest, 'busybox');
    expect(pulled).toMatchObject({
      status: 'ok',
      answer: 'docker.io/library/busybox:latest',
      bundle: bundleOf(target.digests.busybox),
      leftover: false,
    });
    const { stdout } = await guest.run(['cat', `/run/kata-containers/${pulled.containerId}/umoci.json`]);
    expect(JSON.parse(stdout)).toMatchObject({
      from_descriptor_path: { descriptor_walk: [{ digest: target.digests.busybox }] },
    });
  });

  test('PullImage unpacks the files and the configuration of the image', async ({ guest, pull }) => {
    const { containerId } = await pull(guest, 'busybox');
    expect(await listDirectory(guest, `/run/kata-containers/${containerId}/rootfs/bin`)).toEqual(
      expect.arrayContaining(['busybox']),
    );
    const { stdout } = await guest.run(['cat', `/run/kata-containers/${containerId}/config.json`]);
    expect(JSON.parse(stdout)).toMatchObject({ process: { args: ['sh'] }, root: { path: 'rootfs' } });
  });

  test('PullImage without a container id uses the last component of the image name', async ({ guest, pull }) => {
    expect(await pull(guest, 'small', { containerId: '' })).toMatchObject({ status: 'ok' });
    expect(await listDirectory(guest, '/run/kata-containers/small:latest')).toEqual(
      expect.arrayContaining(['config.json']),
    );
  });

  test('PullImage with the container id "../etc" is rejected before the pull starts', async ({ guest, pull }) => {
    const since = await guest.console.cursor();
    const pulled = await pull(guest, 'small', { containerId: '../etc' });
    expect(pulled).toMatchObject({ status: 'internal', answer: 'invalid container ID: "../etc"', cause: undefined });
    expect(await guest.console.textSince(since)).not.toContain('Attempting to pull image');
  });

  test.for(['a', '-ab', 'a b', 'a/b', '.ab', 'ab\n'])(
    'PullImage with the container id %j is rejected as invalid',
    async (containerId, { guest, pull }) => {
      expect(await pull(guest, 'small', { containerId })).toMatchObject({
        status: 'internal',
        answer: `invalid container ID: ${JSON.stringify(containerId)}`,
      });
    },
  );

  test('PullImage of an image name that ends in a slash, without a container id, is rejected', async ({
    guest,
    pull,
  }) => {
    const image = 'docker.io/library/';
    expect(await pull(guest, { reference: image }, { containerId: '' })).toMatchObject({
      status: 'internal',
      answer: `Invalid image name. ${image}`,
    });
  });

  test('PullImage of a tag that does not exist fails with "manifest unknown" on the console', async ({
    guest,
    pull,
  }) => {
    expect(await pull(guest, { reference: MISSING_TAG })).toMatchObject({
      status: 'internal',
      // skopeo 1.9 exits with 1, skopeo 1.18 with 2.
      answer: expect.stringMatching(/^failed to pull image: ExitStatus\(unix_wait_status\((?:256|512)\)\)$/),
      cause: expect.stringContaining('manifest unknown'),
      bundle: undefined,
      leftover: false,
    });
  });

  test('PullImage while the registry is down fails with "connection refused" on the console', async ({
    launch,
    pull,
  }) => {
    const guest = await launch({ registry: false });
    expect(await pull(guest, 'small')).toMatchObject({
      status: 'internal',
      answer: PULL_FAILED,
      cause: expect.stringMatching(/pinging container registry .*connection refused/),
      bundle: undefined,
      leftover: false,
    });
  });

  test('a second PullImage under the same container id fails and keeps the first bundle', async ({
    guest,
    pull,
    target,
  }) => {
    const first = await pull(guest, 'small');
    const second = await pull(guest, 'small', { containerId: first.containerId });
    expect(second).toMatchObject({
      status: 'internal',
      answer: 'failed to unpack image: ExitStatus(unix_wait_status(256))',
      bundle: bundleOf(target.digests.small),
    });
  });

  test('PullImage of one image under two container ids makes two bundles', async ({ guest, pull, target }) => {
    const bundle = bundleOf(target.digests.small);
    expect(await pull(guest, 'small')).toMatchObject({ status: 'ok', bundle });
    expect(await pull(guest, 'small')).toMatchObject({ status: 'ok', bundle });
  });

  test('four concurrent PullImage calls each leave a bundle of their own', async ({ guest, pull, target }) => {
    const names = ['small', 'busybox', 'small', 'busybox'] as const;
    const pulled = await Promise.all(names.map((name) => pull(guest, name)));
    for (const [index, name] of names.entries()) {
      expect(pulled[index]).toMatchObject({
        status: 'ok',
        bundle: bundleOf(target.digests[name]),
        leftover: false,
      });
    }
  });

  test('PullImage of an image of 100 MB unpacks every byte of it', async ({ guest, pull, target }) => {
    const pulled = await pull(guest, 'large');
    expect(pulled).toMatchObject({ status: 'ok', bundle: bundleOf(target.digests.large), leftover: false });
    const bundle = `${CONTAINER_BASE}/${pulled.containerId}`;
    // The test uses md5sum, which takes a fifth of the time of sha256sum in an emulated guest.
    const { stdout } = await guest.run(['md5sum', `${bundle}/rootfs/extra`]);
    expect(stdout.split(' ')[0]).toBe(extraDigest(100, 'md5'));
    // The bundle is removed: it is in the guest's memory, which later tests in this guest may need.
    await guest.run(['rm', '-r', bundle]);
  });

  test('PullImage of layers with file names that escape the root file system writes nothing outside it', async ({
    guest,
    pull,
  }) => {
    const { containerId, status } = await pull(guest, 'escaping');
    expect(status).toBe('ok');
    const bundle = `${CONTAINER_BASE}/${containerId}`;
    const find = async (...where: readonly string[]): Promise<string> =>
      (await guest.run(['find', ...where, '-maxdepth', '1', '-name', ESCAPED])).stdout;
    expect(await find('/', '/tmp', '/run', CONTAINER_BASE, bundle)).toBe('');
    expect(await find(`${bundle}/rootfs`)).toContain(ESCAPED);
  });
});

describe('PullImage from a password-protected registry', {
  tags: ['guest-pull-skopeo', 'guest-console', 'password-registry', 'unsigned-images'],
}, () => {
  const unauthorized = {
    status: 'internal',
    answer: PULL_FAILED,
    cause: expect.stringContaining(': authentication required'),
    bundle: undefined,
    leftover: false,
  };

  test('PullImage from a password-protected registry with the right credentials is accepted', async ({
    guest,
    pull,
    credentials,
    target,
  }) => {
    expect(await pull(guest, 'private', { sourceCreds: credentials })).toMatchObject({
      status: 'ok',
      bundle: bundleOf(target.digests.private),
    });
  });

  test('PullImage from a password-protected registry with a wrong password is rejected', async ({
    guest,
    pull,
    credentials,
  }) => {
    expect(await pull(guest, 'private', { sourceCreds: `${credentials}x` })).toMatchObject(unauthorized);
  });

  test('PullImage from a password-protected registry with another user is rejected', async ({
    guest,
    pull,
    credentials,
  }) => {
    expect(await pull(guest, 'private', { sourceCreds: `x${credentials}` })).toMatchObject(unauthorized);
  });

  test('PullImage from a password-protected registry without credentials is rejected', async ({ guest, pull }) => {
    expect(await pull(guest, 'private')).toMatchObject(unauthorized);
  });
});

describe('image of the setting PULL_IMAGE', { tags: ['guest-pull-skopeo', 'guest-console'] }, () => {
  test('PullImage of the image in PULL_IMAGE under CONTAINER_ID is accepted', async ({
    launch,
    pull,
    target,
    userCredentials,
    skip,
  }) => {
    const { containerId = '0123456789', pullImage } = target.user;
    if (pullImage === undefined) return skip('PULL_IMAGE is not set');
    const guest = await launch();
    const pulled = await pull(guest, { reference: pullImage }, { containerId, sourceCreds: userCredentials });
    expect(pulled).toMatchObject({ status: 'ok', answer: pullImage, cause: undefined });
    expect(pulled.bundle).toContain('config.json');
  });
});
