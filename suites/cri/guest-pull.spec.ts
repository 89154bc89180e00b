import {
  test as base,
  CDH_POLICY_SCENARIOS,
  CDH_SIGNATURE_SCENARIOS,
  describe,
  expect,
  expectedPodPull,
  extraDigest,
  podOf,
} from '../../fixtures/test.ts';

// The claims of suites/image/guest-pull, made there for CreateContainer requests of our client to the agent, here for containers
// of a pod: containerd calls Kata's shim, which passes the image name on to the agent. containerd has a placeholder image under
// each name, which differs from the image in the registry.
const test = base.extend('keepEvidence', { scope: 'file' }, true);

const tags = ['kata-shim', 'cri', 'guest-pull-storage', 'guest-console'] as const;

describe('pod whose guest pulls its images', { tags: [...tags, 'unsigned-images'] }, () => {
  test('a pod whose guest pulls images runs the image of the registry, not the placeholder of that name on the host', async ({
    guest,
    images,
  }) => {
    const pod = podOf(guest);
    const containerId = await pod.run('extra', ['sleep', '3600'], images.extra.reference);
    const { stdout } = await pod.cri.execSync({ containerId, cmd: ['busybox', 'sha256sum', '/extra'] });
    expect(stdout.toString()).toBe(`${extraDigest(images.extra.extraMb)}  /extra\n`);
  });

  test('the sandbox container of a pod whose guest pulls images has the pause bundle of the guest as root file system', async ({
    guest,
  }) => {
    const { stdout } = await guest.run(['find', `/run/kata-containers/${guest.sandboxId}/rootfs`, '-type', 'f']);
    const files = stdout
      .trim()
      .split('\n')
      .map((path) => path.replace(/^.*\/rootfs\//, ''));
    expect(files.sort()).toEqual(['bin/busybox', 'etc/resolv.conf']);
  });

  test('a pod whose guest pulls images shares no file system with the host', async ({ guest, host }) => {
    await podOf(guest).run('shown', ['sleep', '3600']);
    const { fileServers, mounts } = await host.resources(guest.sandboxId);
    const shown = mounts.filter(({ point }) => point.startsWith('/run/kata-containers/'));
    expect({ fileServers, shown }).toEqual({ fileServers: [], shown: [] });
    expect((await guest.run(['mount'])).stdout).not.toMatch(/ type (?:virtiofs|9p) /);
  });
});

describe('pod whose guest pulls images under the policy of the upstream rootfs', {
  tags: [...tags, 'upstream-policy'],
}, () => {
  test.for(CDH_SIGNATURE_SCENARIOS)(
    'CRI StartContainer with an image pulled in the guest: %s',
    async ([, scenario], { guest, runFromImage }) => {
      expect(await runFromImage(guest, scenario.image)).toMatchObject(expectedPodPull(scenario));
    },
  );
});

describe('pod whose guest pulls images under another policy', { tags: [...tags] }, () => {
  test.for(CDH_POLICY_SCENARIOS)(
    'CRI StartContainer with an image pulled in the guest: %s',
    async ([, { policy, pulls }], { launch, runFromImage }) => {
      const guest = await launch({ policy });
      for (const one of pulls) expect(await runFromImage(guest, one.image)).toMatchObject(expectedPodPull(one));
    },
  );
});
