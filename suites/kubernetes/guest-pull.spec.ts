import {
  test as base,
  CDH_SIGNATURE_SCENARIOS,
  CONTAINER,
  containerWhere,
  describe,
  expect,
  extraDigest,
  type ImageName,
  waitsBecause,
} from '../../fixtures/test.ts';

// The claims of suites/cri/guest-pull, made there for pods that our CRI client creates, here for pods of a kubelet. The node has a
// placeholder image under each name, which differs from the image in the registry.

const nameOf = (image: ImageName): string => image.toLowerCase();
const SCENARIOS = CDH_SIGNATURE_SCENARIOS.map(([claim, { image, rejection }]) => ({ claim, image, rejection }));

const test = base.extend('pullPod', { scope: 'file' }, async ({ createFilePod, podImage }) => {
  const pod = await createFilePod('pulls', {
    image: podImage('extra'),
    // Every test image has a program `sleep`.
    others: SCENARIOS.map(({ image }) => ({
      name: nameOf(image),
      image: podImage(image),
      command: ['sleep', '86400'],
    })),
  });
  for (const { image } of SCENARIOS) {
    const settled = containerWhere(nameOf(image), ({ state }) => (state?.running ?? state?.terminated) !== undefined);
    await pod.until(`container ${nameOf(image)} running or ended`, settled);
  }
  return pod;
});

const tags = ['kubernetes', 'guest-pull-storage'] as const;

describe('pod of a kubelet whose guest pulls its images', { tags: [...tags, 'upstream-policy'] }, () => {
  test('a pod of a kubelet runs the image of the registry, not the placeholder of that name on the node', async ({
    images,
    pullPod,
  }) => {
    const { stdout } = await pullPod.exec(['busybox', 'sha256sum', '/extra'], { container: CONTAINER });
    expect(stdout).toBe(`${extraDigest(images.extra.extraMb)}  /extra\n`);
  });

  test.for(SCENARIOS)(
    'container of a pod of a kubelet whose guest pulls images: $claim',
    async (scenario, { pullPod }) => {
      const { image, rejection } = scenario;
      const { status } = await pullPod.look();
      const found = status?.containerStatuses?.find(({ name }) => name === nameOf(image));
      const rejected = { reason: 'StartError', message: expect.stringMatching(/\[CDH\] \[ERROR\]: Image /) };
      expect(found?.state).toMatchObject(rejection === undefined ? { running: {} } : { terminated: rejected });
    },
  );

  test('a pod does not give the credentials of its pull secret to a guest that pulls', {
    tags: ['password-registry'],
  }, async ({ createPod, podImage, pullSecret }) => {
    const pullSecrets = [await pullSecret()];
    const pod = await createPod({ image: podImage('private'), pullSecrets, restart: 'Always' });
    expect(await pod.until('waiting', waitsBecause(/^RunContainerError/))).toMatch(
      /\[CDH\] \[ERROR\]: Image Pull error/,
    );
  });
});
