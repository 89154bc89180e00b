import {
  bundleOf,
  CONTAINER_BASE,
  describe,
  digestOf,
  ESCAPED,
  expect,
  extraDigest,
  listDirectory,
  MISSING_TAG,
  PULL_FAILED,
  test,
} from '../../fixtures/test.ts';

describe('a pull', { tags: ['guest-pull-skopeo', 'guest-console', 'unsigned-images'] }, () => {
  test('leaves a bundle of exactly four things, named after the digest that was pulled', async ({
    guest,
    pull,
    target,
  }) => {
    const pulled = await pull(guest, 'busybox');
    expect(pulled).toMatchObject({
      status: 'ok',
      answer: 'docker.io/library/busybox:latest',
      bundle: bundleOf(digestOf('busybox', target)),
      leftover: false,
    });
    const { stdout } = await guest.run(['cat', `/run/kata-containers/${pulled.containerId}/umoci.json`]);
    expect(JSON.parse(stdout)).toMatchObject({
      from_descriptor_path: { descriptor_walk: [{ digest: digestOf('busybox', target) }] },
    });
  });

  test('unpacks what the image holds', async ({ guest, pull }) => {
    const { containerId } = await pull(guest, 'busybox');
    expect(await listDirectory(guest, `/run/kata-containers/${containerId}/rootfs/bin`)).toEqual(
      expect.arrayContaining(['busybox']),
    );
    const { stdout } = await guest.run(['cat', `/run/kata-containers/${containerId}/config.json`]);
    expect(JSON.parse(stdout)).toMatchObject({ process: { args: ['sh'] }, root: { path: 'rootfs' } });
  });

  test('without a container id takes the last part of the image’s name', async ({ guest, pull }) => {
    expect(await pull(guest, 'small', { containerId: '' })).toMatchObject({ status: 'ok' });
    expect(await listDirectory(guest, '/run/kata-containers/small:latest')).toEqual(
      expect.arrayContaining(['config.json']),
    );
  });

  test('with a container id that is no id is refused before anything is fetched', async ({ guest, pull }) => {
    const since = await guest.console.cursor();
    const pulled = await pull(guest, 'small', { containerId: '../etc' });
    expect(pulled).toMatchObject({ status: 'internal', answer: 'invalid container ID: "../etc"', cause: undefined });
    expect(await guest.console.textSince(since)).not.toContain('Attempting to pull image');
  });

  test.for(['a', '-ab', 'a b', 'a/b', '.ab', 'ab\n'])(
    'refuses the container id %j',
    async (containerId, { guest, pull }) => {
      expect(await pull(guest, 'small', { containerId })).toMatchObject({
        status: 'internal',
        answer: `invalid container ID: ${JSON.stringify(containerId)}`,
      });
    },
  );

  test('of a name that ends in a slash, without a container id, is refused', async ({ guest, pull }) => {
    const image = 'docker.io/library/';
    expect(await pull(guest, { reference: image }, { containerId: '' })).toMatchObject({
      status: 'internal',
      answer: `Invalid image name. ${image}`,
    });
  });

  test('of a tag nobody pushed is refused, and the console says that the manifest is unknown', async ({
    guest,
    pull,
  }) => {
    expect(await pull(guest, { reference: MISSING_TAG })).toMatchObject({
      status: 'internal',
      answer: PULL_FAILED,
      cause: expect.stringContaining('manifest unknown'),
      bundle: undefined,
      leftover: false,
    });
  });

  test('while the registry is down is refused, and the console says that nobody answered', async ({ launch, pull }) => {
    const guest = await launch({ registry: false });
    expect(await pull(guest, 'small')).toMatchObject({
      status: 'internal',
      answer: PULL_FAILED,
      cause: expect.stringMatching(/pinging container registry .*connection refused/),
      bundle: undefined,
      leftover: false,
    });
  });

  test('twice under one container id is refused the second time, and the first bundle stays', async ({
    guest,
    pull,
    target,
  }) => {
    const first = await pull(guest, 'small');
    const second = await pull(guest, 'small', { containerId: first.containerId });
    expect(second).toMatchObject({
      status: 'internal',
      answer: 'failed to unpack image: ExitStatus(unix_wait_status(256))',
      bundle: bundleOf(digestOf('small', target)),
    });
  });

  test('of one image under two container ids makes two bundles', async ({ guest, pull, target }) => {
    const bundle = bundleOf(digestOf('small', target));
    expect(await pull(guest, 'small')).toMatchObject({ status: 'ok', bundle });
    expect(await pull(guest, 'small')).toMatchObject({ status: 'ok', bundle });
  });

  test('is one of four at once, and each gets its own bundle', async ({ guest, pull, target }) => {
    const names = ['small', 'busybox', 'small', 'busybox'] as const;
    const pulled = await Promise.all(names.map((name) => pull(guest, name)));
    for (const [index, name] of names.entries()) {
      expect(pulled[index]).toMatchObject({
        status: 'ok',
        bundle: bundleOf(digestOf(name, target)),
        leftover: false,
      });
    }
  });

  test('of an image of 100 MB leaves every byte of it', async ({ guest, pull, target }) => {
    const pulled = await pull(guest, 'large');
    expect(pulled).toMatchObject({ status: 'ok', bundle: bundleOf(digestOf('large', target)), leftover: false });
    const bundle = `${CONTAINER_BASE}/${pulled.containerId}`;
    // A fifth of what sha256sum costs an emulated guest.
    const { stdout } = await guest.run(['md5sum', `${bundle}/rootfs/extra`]);
    expect(stdout.split(' ')[0]).toBe(extraDigest(100, 'md5'));
    // It is memory that whoever has the guest next may want.
    await guest.run(['rm', '-r', bundle]);
  });

  test('of layers whose names lead outside leaves nothing outside', async ({ guest, pull }) => {
    const { containerId, status } = await pull(guest, 'escaping');
    expect(status).toBe('ok');
    const bundle = `${CONTAINER_BASE}/${containerId}`;
    const find = async (...where: readonly string[]): Promise<string> =>
      (await guest.run(['find', ...where, '-maxdepth', '1', '-name', ESCAPED])).stdout;
    expect(await find('/', '/tmp', '/run', CONTAINER_BASE, bundle)).toBe('');
    expect(await find(`${bundle}/rootfs`)).toContain(ESCAPED);
  });
});

describe('a pull that needs credentials', {
  tags: ['guest-pull-skopeo', 'guest-console', 'password-registry', 'unsigned-images'],
}, () => {
  const unauthorized = {
    status: 'internal',
    answer: PULL_FAILED,
    cause: expect.stringContaining('unauthorized: authentication required'),
    bundle: undefined,
    leftover: false,
  };

  test('is accepted with the right ones', async ({ guest, pull, credentials, target }) => {
    expect(await pull(guest, 'private', { sourceCreds: credentials })).toMatchObject({
      status: 'ok',
      bundle: bundleOf(digestOf('private', target)),
    });
  });

  test('is refused with a wrong password', async ({ guest, pull, credentials }) => {
    expect(await pull(guest, 'private', { sourceCreds: `${credentials}x` })).toMatchObject(unauthorized);
  });

  test('is refused with another user', async ({ guest, pull, credentials }) => {
    expect(await pull(guest, 'private', { sourceCreds: `x${credentials}` })).toMatchObject(unauthorized);
  });

  test('is refused with none', async ({ guest, pull }) => {
    expect(await pull(guest, 'private')).toMatchObject(unauthorized);
  });
});

describe('the image of your own', { tags: ['guest-pull-skopeo', 'guest-console'] }, () => {
  test('PULL_IMAGE is pulled under CONTAINER_ID', async ({ launch, pull, target, userCredentials, skip }) => {
    const { containerId = '0123456789', pullImage } = target.user;
    if (pullImage === undefined) return skip('PULL_IMAGE is not set');
    const guest = await launch();
    const pulled = await pull(guest, { reference: pullImage }, { containerId, sourceCreds: userCredentials });
    expect(pulled).toMatchObject({ status: 'ok', answer: pullImage, cause: undefined });
    expect(pulled.bundle).toContain('config.json');
  });
});
