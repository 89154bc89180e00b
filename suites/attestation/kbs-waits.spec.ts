import {
  ALLOW_ALL,
  attestationToken,
  describe,
  expect,
  getResource,
  RESOURCE,
  setUpAccess,
  test,
} from '../../fixtures/test.ts';

const tags = ['kbs', 'guest-components', 'main-rpc', 'guest-console', 'debug-console', 'virtual-machine'] as const;

const PATH = `/cdh/resource/${RESOURCE}`;
const TOKEN = '/aa/token?token_type=kbs';
const ALLOWED = { resourcePolicy: ALLOW_ALL } as const;
const GIVEN = { status: 200, text: 'text' } as const;

/** Seconds for which api-server-rest waits for CDH and attestation-agent. Source: TTRPC_TIMEOUT of its src/main.rs. */
const LIMIT_S = 50;

describe('a KBS that never answers', { tags: [...tags] }, () => {
  test('a container gets 500 after 50 s from a KBS that accepts connections and never answers, and the resource with its next request once the KBS answers', async ({
    askApi,
    attestedGuest,
    kbs,
  }) => {
    await setUpAccess(kbs.admin, ALLOWED, 'text');
    {
      using _frozen = kbs.freeze();
      const begun = performance.now();
      expect(await askApi(attestedGuest, PATH)).toMatchObject({
        status: 500,
        text: 'ttrpc request error',
        requests: [],
      });
      expect((performance.now() - begun) / 1_000).toBeGreaterThan(LIMIT_S);
    }
    expect(await askApi(attestedGuest, PATH)).toMatchObject(GIVEN);
  });
});

describe('an attestation token that expires', { tags: [...tags] }, () => {
  test('a CDH whose token has expired attests again within the same request, and the container gets the resource', async ({
    askApi,
    attestedGuest,
    startKbs,
    within,
  }) => {
    const kbs = await startKbs({ tokenMinutes: 0 });
    await setUpAccess(kbs.admin, ALLOWED, 'text');
    const first = await askApi(attestedGuest, PATH);
    expect(first).toMatchObject(GIVEN);
    expect(first.requests).toEqual(expect.arrayContaining(['POST attest 200']));
    expect(await askApi(attestedGuest, PATH)).toMatchObject({ ...GIVEN, requests: [`GET resource/${RESOURCE} 200`] });

    // This token is younger than the CDH's: once the KBS rejects it, the CDH's has expired too.
    const { token } = attestationToken((await askApi(attestedGuest, TOKEN)).text);
    const status = async (): Promise<number> => (await getResource(kbs, RESOURCE, token)).status;
    expect(await status()).toBe(200);
    await expect.poll(status, { timeout: within('token-expires').timeoutMs, interval: 1_000 }).toBe(401);

    const { requests, ...outcome } = await askApi(attestedGuest, PATH);
    expect(outcome).toMatchObject(GIVEN);
    expect(requests).toEqual([
      ...[`GET resource/${RESOURCE} 401`, 'POST auth 200'],
      ...['POST attest 200', `GET resource/${RESOURCE} 200`],
    ]);
  });
});
