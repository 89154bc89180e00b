import {
  ACCEPTED_ENCRYPTED_IMAGES,
  test as base,
  CHANGED_KEYS,
  CHANGED_LAYERS,
  describe,
  expect,
  expectedDecryption,
  FORGED,
  KEY_SCENARIOS,
  readAll,
} from '../../fixtures/test.ts';

// Keeps the evidence of passing tests too: the report shows why each image was accepted or rejected.
const test = base.extend('keepEvidence', { scope: 'file' }, true);

const tags = ['guest-pull-storage', 'guest-console', 'debug-console', 'virtual-machine', 'unsigned-images'] as const;

describe('encrypted images', { tags: [...tags] }, () => {
  test('CreateContainer of an encrypted image creates a container that runs a program of the decrypted image', async ({
    createFromEncrypted,
    guestWithKeys: guest,
  }) => {
    const { containerId, ...outcome } = await createFromEncrypted(guest, 'whole', { args: ['cat', '/confidential'] });
    expect(outcome).toMatchObject(expectedDecryption());
    await guest.agent.startContainer({ containerId });
    expect(await readAll(guest, 'stdout', containerId, containerId)).toBe(outcome.file);
  });

  test.for(ACCEPTED_ENCRYPTED_IMAGES)(
    'CreateContainer of %s',
    async ([, { image }], { createFromEncrypted, guestWithKeys }) => {
      expect(await createFromEncrypted(guestWithKeys, image)).toMatchObject(expectedDecryption());
    },
  );

  test.for([...CHANGED_LAYERS, ...CHANGED_KEYS])(
    'CreateContainer of %s, and leaves no decrypted layer behind',
    async ([, { image, rejection }], { createFromEncrypted, guestWithKeys }) => {
      expect(await createFromEncrypted(guestWithKeys, image)).toMatchObject(expectedDecryption(rejection));
    },
  );

  // Encryption keeps an image confidential; that it is the image of its author only a signature shows.
  test('CreateContainer of an image whose encrypted layer a registry replaced by an unencrypted one is accepted', async ({
    createFromEncrypted,
    guestWithKeys,
  }) => {
    expect(await createFromEncrypted(guestWithKeys, 'replaced')).toMatchObject(expectedDecryption(undefined, FORGED));
  });
});

describe('keys of encrypted images', { tags: [...tags] }, () => {
  test.for(KEY_SCENARIOS)(
    'CreateContainer of an encrypted image %s',
    async ([, { files, image, rejection }], { createFromEncrypted, imageKeys, launch, restartCdh }) => {
      const guest = await launch({ kernelParameters: ['kata_cc.restart'] });
      await restartCdh(guest, files(imageKeys));
      expect(await createFromEncrypted(guest, image)).toMatchObject(expectedDecryption(rejection));
    },
  );
});
