import {
  ALLOW_ALL,
  APPRAISAL_SCENARIOS,
  describe,
  expect,
  expectedAccess,
  RESOURCE,
  RESOURCE_POLICY_SCENARIOS,
  setUpAccess,
  test,
} from '../../fixtures/test.ts';

const tags = ['kbs', 'guest-components', 'main-rpc', 'guest-console', 'debug-console', 'virtual-machine'] as const;

const PATH = `/cdh/resource/${RESOURCE}`;
const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => byte);

describe('resources of a KBS in a container', { tags: [...tags] }, () => {
  test.for(RESOURCE_POLICY_SCENARIOS)('a container %s', async ([, scenario], { askApi, attestedGuest, kbs, newId }) => {
    const content = `content of ${newId()}`;
    await setUpAccess(kbs.admin, scenario, content);
    expect(await askApi(attestedGuest, PATH)).toMatchObject(expectedAccess(scenario, content));
  });

  test.for(APPRAISAL_SCENARIOS)(
    'under a resource policy that requires affirmed evidence, a container %s',
    async ([, scenario], { askApi, attestedGuest, kbs, newId }) => {
      const content = `content of ${newId()}`;
      await setUpAccess(kbs.admin, scenario, content);
      expect(await askApi(attestedGuest, PATH)).toMatchObject(expectedAccess(scenario, content));
    },
  );

  test('a container gets a resource after attestation, and further ones with the same token', async ({
    askApi,
    attestedGuest,
    kbs,
  }) => {
    await setUpAccess(kbs.admin, { resourcePolicy: ALLOW_ALL }, 'first');
    await kbs.admin.setResource('default/test/other', 'second');
    const first = await askApi(attestedGuest, PATH);
    expect(first).toMatchObject({ status: 200, text: 'first' });
    expect(first.requests.slice(-3)).toEqual(['POST auth 200', 'POST attest 200', `GET resource/${RESOURCE} 200`]);
    expect(await askApi(attestedGuest, '/cdh/resource/default/test/other')).toMatchObject({
      status: 200,
      text: 'second',
      requests: ['GET resource/default/test/other 200'],
    });
  });

  test('a container gets every byte of a binary resource of 1 MB', async ({ askApi, attestedGuest, kbs }) => {
    const content = Buffer.alloc(1_000_000, EVERY_BYTE);
    await setUpAccess(kbs.admin, { resourcePolicy: ALLOW_ALL }, content);
    const { body, status } = await askApi(attestedGuest, PATH);
    expect(status).toBe(200);
    expect(body.equals(content)).toBe(true);
  });

  test('a container gets a resource no more once the KBS has deleted it', async ({ askApi, attestedGuest, kbs }) => {
    await setUpAccess(kbs.admin, { resourcePolicy: ALLOW_ALL }, 'text');
    expect(await askApi(attestedGuest, PATH)).toMatchObject(expectedAccess({}, 'text'));
    await kbs.admin.deleteResource(RESOURCE);
    expect(await askApi(attestedGuest, PATH)).toMatchObject(expectedAccess({ rejection: 'noResource' }, 'text'));
  });
});
