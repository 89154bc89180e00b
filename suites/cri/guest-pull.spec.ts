import {
  test as base,
  describe,
  expect,
  expectedPodPull,
  extraDigest,
  HUB_POLICY_SCENARIOS,
  HUB_SIGNATURE_SCENARIOS,
  podOf,
} from '../../fixtures/test.ts';

// What suites/image/guest-pull claims of containers that the agent is asked for, for containers of a pod: containerd asks
// Kata's shim, which passes the image's name on. containerd has an image under each name, and none is the registry's.
const test = base.extend('keepEvidence', { scope: 'file' }, true);

const tags = ['kata-shim', 'cri', 'guest-pull-storage', 'guest-console'] as const;

describe('a pod whose guest pulls its images', { tags: [...tags, 'unsigned-images'] }, () => {
  test('has the registry’s image, not the one the host has under that name', async ({ guest, images }) => {
    const pod = podOf(guest);
    const containerId = await pod.run('extra', ['sleep', '3600'], images.extra.reference);
    const { stdout } = await pod.cri.execSync({ containerId, cmd: ['busybox', 'sha256sum', '/extra'] });
    expect(stdout.toString()).toBe(`${extraDigest(images.extra.extraMb)}  /extra\n`);
  });

  test('is held together by a program of the guest’s own', async ({ guest }) => {
    const { stdout } = await guest.run(['find', `/run/kata-containers/${guest.sandboxId}/rootfs`, '-type', 'f']);
    const files = stdout
      .trim()
      .split('\n')
      .map((path) => path.replace(/^.*\/rootfs\//, ''));
    expect(files.sort()).toEqual(['bin/busybox', 'etc/resolv.conf']);
  });

  test('is shown nothing of the host’s file systems', async ({ guest, host }) => {
    await podOf(guest).run('shown', ['sleep', '3600']);
    const { fileServers, mounts } = await host.traces(guest.sandboxId);
    const shown = mounts.filter(({ point }) => point.startsWith('/run/kata-containers/'));
    expect({ fileServers, shown }).toEqual({ fileServers: [], shown: [] });
    expect((await guest.run(['mount'])).stdout).not.toMatch(/ type (?:virtiofs|9p) /);
  });
});

describe('in a pod with the policy of upstream’s rootfs', { tags: [...tags, 'upstream-policy'] }, () => {
  test.for(HUB_SIGNATURE_SCENARIOS)('%s', async ([, scenario], { guest, runFromImage }) => {
    expect(await runFromImage(guest, scenario.image)).toMatchObject(expectedPodPull(scenario));
  });
});

describe('in a pod with another policy', { tags: [...tags] }, () => {
  test.for(HUB_POLICY_SCENARIOS)('%s', async ([, { policy, pulls }], { launch, runFromImage }) => {
    const guest = await launch({ policy });
    for (const one of pulls) expect(await runFromImage(guest, one.image)).toMatchObject(expectedPodPull(one));
  });
});
