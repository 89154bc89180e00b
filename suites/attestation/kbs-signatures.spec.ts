import {
  ALLOW_ALL,
  DENY_ALL,
  describe,
  expect,
  expectedSigstorePull,
  SIGSTORE_RESOURCES,
  setResources,
  test,
} from '../../fixtures/test.ts';

const tags = [
  'kbs',
  'guest-components',
  'guest-pull-storage',
  'init-data',
  'main-rpc',
  'guest-console',
  'debug-console',
  'virtual-machine',
] as const;

/** The image of the first of these scenarios. */
const SIGNED = { tag: 'key-resource' } as const;

describe('cosign’s signatures with policy and key of a KBS', { tags: [...tags] }, () => {
  test('image_guest_pull with image policy and cosign key from a KBS rejects every image until the KBS gives both, and then accepts a signed image and rejects others', async ({
    kbs,
    launchAttested,
    pullSigstore,
    sigstoreByKbs: { options, resources },
  }) => {
    const guest = await launchAttested(options);
    const rejected = (cause: RegExp) => ({
      status: 'internal',
      answer: expect.stringMatching(/^\[CDH\] \[ERROR\]: Image /),
      console: expect.stringMatching(cause),
      bundle: [],
      layers: 0,
    });
    await setResources(kbs.admin, resources);
    await kbs.admin.setResourcePolicy(DENY_ALL);
    expect(await pullSigstore(guest, SIGNED)).toMatchObject(rejected(/Access denied by policy/));

    await kbs.admin.setResourcePolicy(ALLOW_ALL);
    await kbs.admin.deleteResource('default/cosign-public-key/test');
    expect(await pullSigstore(guest, SIGNED)).toMatchObject(rejected(/Plugin internal error/));

    await setResources(kbs.admin, resources);
    for (const [claim, scenario] of SIGSTORE_RESOURCES) {
      expect(await pullSigstore(guest, scenario), claim).toMatchObject(expectedSigstorePull(scenario));
    }
  });
});
