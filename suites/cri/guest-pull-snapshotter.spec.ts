import { test as base, describe, expect, extraDigest, podOf } from '../../fixtures/test.ts';

// What nydus-snapshotter is for, besides the claims of the other specs of guest pull: the host gets no layer of an image.
const test = base.extend('keepEvidence', { scope: 'file' }, true);

const tags = ['kata-shim', 'cri', 'guest-pull-storage', 'nydus-snapshotter', 'unsigned-images'] as const;

describe('images that nydus-snapshotter leaves to the guest', { tags: [...tags] }, () => {
  test('CRI PullImage for the handler kata fetches manifest and configuration of an image and none of its layers, and a container of the image runs what its guest pulls', async ({
    guest,
    images,
    newId,
    pullOnHost,
    target,
  }) => {
    const pod = podOf(guest);
    const { fetched, layers, reference } = await pullOnHost('extra', 'kata');
    expect(fetched).toContain(target.digests.extra);
    expect(fetched.filter((digest) => layers.includes(digest))).toEqual([]);
    const containerId = await pod.run(newId(), ['sleep', '3600'], reference);
    const { stdout } = await pod.cri.execSync({ containerId, cmd: ['busybox', 'sha256sum', '/extra'] });
    expect(stdout.toString()).toBe(`${extraDigest(images.extra.extraMb)}  /extra\n`);
  });

  test('CRI PullImage without a handler fetches the layers of an image', async ({ pullOnHost }) => {
    const { fetched, layers } = await pullOnHost('medium', 'none');
    expect(fetched).toEqual(expect.arrayContaining([...layers]));
  });

  test('CRI CreateContainer fails while nydus-snapshotter is stopped, and is accepted once it runs again', async ({
    guest,
    host,
    newId,
  }) => {
    const pod = podOf(guest);
    const create = () => pod.create(newId(), ['sleep', '3600']);
    {
      await using _ = await host.stopSnapshotter();
      await expect(create()).rejects.toMatchObject({ details: expect.stringContaining('containerd-nydus-grpc.sock') });
    }
    const containerId = await create();
    await pod.cri.startContainer({ containerId });
    const { status } = await pod.cri.containerStatus({ containerId });
    expect(status).toMatchObject({ state: 'CONTAINER_RUNNING' });
  });
});
