import {
  ADMIN_REQUESTS,
  ALLOW_ALL,
  askAsAdmin,
  attest,
  describe,
  expect,
  forgeToken,
  getResource,
  RESOURCE,
  setUpAccess,
  test,
  unknownKey,
} from '../../fixtures/test.ts';

/** A KBS's answer to a client that it rejects: 401 and a type of error; the cause is in its log alone. */
const rejected = (type: string) => ({ status: 401, text: expect.stringMatching(`/errors/${type}"`) });

describe('evidence that a KBS appraises', { tags: ['kbs'] }, () => {
  test('a KBS gives a token for evidence that is bound to its nonce and to the client’s key', async ({ kbs }) => {
    const { status, text } = await attest(kbs);
    expect(status).toBe(200);
    const { token } = JSON.parse(text) as { readonly token: string };
    await setUpAccess(kbs.admin, { resourcePolicy: ALLOW_ALL }, 'text');
    expect(await getResource(kbs, RESOURCE, token)).toMatchObject({ status: 200 });
  });

  test.for([
    ['of another version of the protocol', { version: '0.1.0' }, /Protocol Version Mismatch: expect =0\.4\.0/],
    ['of an unknown TEE', { tee: 'nosuchtee' }, /deserialize Request/],
    ['without its session', { session: false }, /cookie not found/],
    ['with another nonce', { nonce: 'AAAA' }, /nonce in the handshake session is different/],
    ['that is bound to other data', { reportData: Buffer.alloc(48) }, /REPORT_DATA is different/],
    ['of another TEE, with evidence of the sample attester', { tee: 'tdx' }, /verify TEE evidence failed/],
  ] as const)('a KBS rejects a handshake %s', async ([, changes, cause], { kbs }) => {
    expect(await attest(kbs, changes)).toMatchObject(rejected('AttestationError'));
    expect(await kbs.log()).toMatch(cause);
  });
});

describe('tokens that a KBS verifies', { tags: ['kbs'] }, () => {
  test('a KBS gives a resource for a token that its attestation service signed, and none without a token', async ({
    kbs,
  }) => {
    await setUpAccess(kbs.admin, { resourcePolicy: ALLOW_ALL }, 'text');
    expect(await getResource(kbs, RESOURCE, await forgeToken(kbs))).toMatchObject({ status: 200 });
    expect(await getResource(kbs, RESOURCE)).toMatchObject(rejected('TokenNotFound'));
  });

  test.for([
    ['that has expired', { seconds: -120 }, /Failed to decode token/],
    [
      'whose key has no certificate',
      { certificate: false },
      /neither trusted jwk set nor trusted pem public key works/,
    ],
  ] as const)('a KBS rejects a token %s', async ([, changes, cause], { kbs }) => {
    await setUpAccess(kbs.admin, { resourcePolicy: ALLOW_ALL }, 'text');
    const token = await forgeToken(kbs, changes);
    expect(await getResource(kbs, RESOURCE, token)).toMatchObject(rejected('TokenVerifierError'));
    expect(await kbs.log()).toMatch(cause);
  });

  test('a KBS rejects a token that its admin signed, with and without the certificate of its attestation service', async ({
    kbs,
  }) => {
    await setUpAccess(kbs.admin, { resourcePolicy: ALLOW_ALL }, 'text');
    for (const certificate of [undefined, false] as const) {
      const token = await forgeToken(kbs, { key: kbs.adminKey, ...(certificate === false && { certificate }) });
      expect(await getResource(kbs, RESOURCE, token)).toMatchObject(rejected('TokenVerifierError'));
    }
  });

  test('a KBS rejects a token whose claims were changed', async ({ kbs }) => {
    await setUpAccess(kbs.admin, { resourcePolicy: ALLOW_ALL }, 'text');
    const [header, claims = '', signature] = (await forgeToken(kbs)).split('.');
    const longer = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { exp: number };
    longer.exp += 1;
    const changed = Buffer.from(JSON.stringify(longer)).toString('base64url');
    expect(await getResource(kbs, RESOURCE, `${header}.${changed}.${signature}`)).toMatchObject(
      rejected('TokenVerifierError'),
    );
  });
});

describe('the admin of a KBS', { tags: ['kbs'] }, () => {
  test.for(ADMIN_REQUESTS)(
    'a KBS takes POST of %s from its admin alone, and not without a token, of another role or signed with another key',
    async (request, { kbs }) => {
      for (const identity of [undefined, { role: 'user' }, { key: unknownKey() }]) {
        expect(await askAsAdmin(kbs, request, identity)).toMatchObject(rejected('AdminAuth\\w+'));
      }
      expect(await askAsAdmin(kbs, request, {})).toMatchObject({ status: 200 });
    },
  );
});
