import {
  test as base,
  describe,
  expect,
  expectedSigstorePod,
  inPods,
  podOf,
  SIGSTORE_IMAGES,
  SIGSTORE_KEY_SOURCES,
  SIGSTORE_REFERENCES,
  SIGSTORE_RESOURCES,
  SIGSTORE_SIGNATURES,
} from '../../fixtures/test.ts';

// Some claims of suites/image/sigstore, made there for CreateContainer requests of our client to the agent, here for containers of a
// pod: containerd calls Kata's shim, which passes initdata and image name on to the guest. As in upstream's
// k8s-guest-pull-image-signature.bats, the guest gets its image policy and its trusted key as resources that the initdata names.
const test = base.extend('keepEvidence', { scope: 'file' }, true);

const tags = ['kata-shim', 'cri', 'guest-pull-storage', 'init-data', 'guest-console', 'debug-console'] as const;

describe('pod whose guest requires cosign’s signatures', { tags: [...tags] }, () => {
  test.for(inPods([...SIGSTORE_IMAGES, ...SIGSTORE_SIGNATURES, ...SIGSTORE_REFERENCES]))(
    'CRI StartContainer under a sigstoreSigned policy of the initdata: %s',
    async ([, scenario], { runSigstore, sigstorePod, sigstoreRegistry }) => {
      expect(await runSigstore(sigstorePod, scenario)).toMatchObject(
        expectedSigstorePod(scenario, sigstoreRegistry.digests),
      );
    },
  );

  test.for(inPods(SIGSTORE_KEY_SOURCES))(
    'CRI StartContainer under a sigstoreSigned policy of the initdata: a signed image %s',
    async ([, scenario], { runSigstore, sigstorePod, sigstoreRegistry }) => {
      expect(await runSigstore(sigstorePod, scenario)).toMatchObject(
        expectedSigstorePod(scenario, sigstoreRegistry.digests),
      );
    },
  );

  test.for(inPods(SIGSTORE_RESOURCES))(
    'CRI StartContainer under a sigstoreSigned policy whose key is a resource of the initdata: %s',
    async ([, scenario], { runSigstore, sigstorePod, sigstoreRegistry }) => {
      expect(await runSigstore(sigstorePod, scenario)).toMatchObject(
        expectedSigstorePod(scenario, sigstoreRegistry.digests),
      );
    },
  );

  test('CRI StartContainer under a sigstoreSigned policy of the initdata: an unsigned image from an unprotected registry is accepted', async ({
    runFromImage,
    sigstorePod,
  }) => {
    expect(await runFromImage(sigstorePod, 'small')).toMatchObject({ state: 'CONTAINER_RUNNING', answer: '' });
  });

  test('a pod that rejected images still runs the containers that it accepted', async ({
    runFromImage,
    runSigstore,
    sigstorePod,
  }) => {
    const { containerId } = await runFromImage(sigstorePod, 'busybox');
    expect(await runSigstore(sigstorePod, { tag: 'unsigned' })).toMatchObject({ state: 'CONTAINER_EXITED' });
    const { stdout } = await podOf(sigstorePod).cri.execSync({ containerId, cmd: ['echo', 'runs'] });
    expect(stdout.toString()).toBe('runs\n');
  });
});
