import {
  ACCEPTED_ENCRYPTED_IMAGES,
  test as base,
  CHANGED_KEYS,
  CHANGED_LAYERS,
  describe,
  encryptedInPods,
  expect,
  expectedDecryptionPod,
  KEY_SCENARIOS,
  parseResources,
  podOf,
} from '../../fixtures/test.ts';

// Some claims of suites/image/encrypted-images, made there for CreateContainer requests of our client to the agent, here for containers
// of a pod. The guest gets its keys by initdata.
const test = base.extend('keepEvidence', { scope: 'file' }, true);

const tags = ['kata-shim', 'cri', 'guest-pull-storage', 'init-data', 'guest-console'] as const;

describe('pod whose guest has the keys of encrypted images', { tags: [...tags] }, () => {
  test('CRI StartContainer of an encrypted image runs a program of the decrypted image', async ({
    podWithKeys,
    runEncrypted,
  }) => {
    const { containerId, ...outcome } = await runEncrypted(podWithKeys, 'whole');
    expect(outcome).toMatchObject(expectedDecryptionPod({ image: 'whole' }));
    const { stdout } = await podOf(podWithKeys).cri.execSync({ containerId, cmd: ['cat', '/confidential'] });
    expect(stdout.toString()).toBe('text of an encrypted layer');
  });

  test.for(encryptedInPods([...ACCEPTED_ENCRYPTED_IMAGES, ...CHANGED_LAYERS, ...CHANGED_KEYS]))(
    'CRI StartContainer of an encrypted image whose keys are in the initdata: %s',
    async ([, scenario], { podWithKeys, runEncrypted }) => {
      expect(await runEncrypted(podWithKeys, scenario.image)).toMatchObject(expectedDecryptionPod(scenario));
    },
  );
});

describe('pod whose guest lacks keys of encrypted images', { tags: [...tags] }, () => {
  test.for(KEY_SCENARIOS.filter(([, { inPods }]) => inPods))(
    'CRI StartContainer of an encrypted image %s',
    async ([, { files, ...scenario }], { imageKeys, launchPodWith, runEncrypted }) => {
      const [keys = '{}'] = Object.values(files(imageKeys));
      const guest = await launchPodWith(parseResources(keys));
      expect(await runEncrypted(guest, scenario.image)).toMatchObject(expectedDecryptionPod(scenario));
    },
  );
});
