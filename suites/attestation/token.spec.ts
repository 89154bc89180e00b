import {
  annotatedEvidence,
  attestationToken,
  describe,
  expect,
  isSignedBy,
  SAMPLE_REFERENCE_VALUES,
  test,
} from '../../fixtures/test.ts';

const tags = ['kbs', 'guest-components', 'main-rpc', 'guest-console', 'debug-console', 'virtual-machine'] as const;

const TOKEN = '/aa/token?token_type=kbs';

describe('attestation tokens in a container', { tags: [...tags] }, () => {
  test('/aa/token returns a token that the attestation service of this KBS signed for the sample attester', async ({
    askApi,
    attestedGuest,
    kbs,
  }) => {
    const { requests, status, text } = await askApi(attestedGuest, TOKEN);
    expect(status).toBe(200);
    expect(requests).toEqual(['POST auth 200', 'POST attest 200']);
    const { claims, token } = attestationToken(text);
    expect(isSignedBy(token, kbs)).toBe(true);
    expect(claims).toMatchObject({ iss: 'CoCo-Attestation-Service', exp: Number(claims['iat']) + 300 });
    expect(annotatedEvidence(claims)).toMatchObject({ sample: { svn: '1', launch_digest: 'abcde', debug: false } });
  });

  test('the attestation service contraindicates a guest without reference values, and affirms it with them', async ({
    askApi,
    attestedGuest,
    kbs,
  }) => {
    const statusOf = async (): Promise<unknown> => {
      const { status, text } = await askApi(attestedGuest, TOKEN);
      expect(status).toBe(200);
      return attestationToken(text).claims;
    };
    expect(await statusOf()).toMatchObject({ submods: { cpu0: { 'ear.status': 'contraindicated' } } });
    await kbs.admin.setReferenceValues({ ...SAMPLE_REFERENCE_VALUES, launch_digest: ['other'] });
    expect(await statusOf()).toMatchObject({ submods: { cpu0: { 'ear.status': 'warning' } } });
    await kbs.admin.setReferenceValues(SAMPLE_REFERENCE_VALUES);
    expect(await statusOf()).toMatchObject({ submods: { cpu0: { 'ear.status': 'affirming' } } });
  });

  test('a token names the public key of its guest, of which the attestation-agent returns the private key', async ({
    askApi,
    attestedGuest,
    kbs: _,
  }) => {
    const [first, second] = [await askApi(attestedGuest, TOKEN), await askApi(attestedGuest, TOKEN)];
    expect([first.status, second.status]).toEqual([200, 200]);
    const { claims, publicKey } = attestationToken(first.text);
    expect(annotatedEvidence(claims)).toMatchObject({ runtime_data_claims: { 'tee-pubkey': publicKey } });
    expect(attestationToken(second.text).publicKey).not.toEqual(publicKey);
  });

  test.for([
    ['without a token type', '/aa/token', 400, 'BAD REQUEST'],
    ['of a type that is not configured', '/aa/token?token_type=coco_as', 500, /coco_as token config not configured/],
    ['of an unknown type', '/aa/token?token_type=other', 500, /Unsupported token type/],
  ] as const)('/aa/token %s fails', async ([, path, status, reason], { askApi, attestedGuest, kbs: _ }) => {
    const outcome = await askApi(attestedGuest, path);
    expect(outcome).toMatchObject({ status, requests: [] });
    expect(`${outcome.text}\n${outcome.console}`).toMatch(reason);
  });
});

describe('evidence in a container', { tags: [...tags] }, () => {
  test('/aa/evidence returns evidence of the sample attester with the runtime data of the request', async ({
    askApi,
    attestedGuest,
  }) => {
    for (const data of ['some-data', 'other-data']) {
      const { status, text } = await askApi(attestedGuest, `/aa/evidence?runtime_data=${data}`);
      expect(status).toBe(200);
      expect(JSON.parse(text)).toEqual({ svn: '1', report_data: Buffer.from(data).toString('base64') });
    }
  });

  test.for([
    ['/aa/evidence', 400, 'BAD REQUEST'],
    ['/aa/other', 404, 'URL NOT FOUND'],
    ['/cdh/other/default/test/key', 404, 'URL NOT FOUND'],
    ['/', 404, 'URL NOT FOUND'],
  ] as const)('api-server-rest answers GET %s with %i', async ([path, status, text], { askApi, attestedGuest }) => {
    expect(await askApi(attestedGuest, path)).toMatchObject({ status, text });
  });

  test('api-server-rest rejects POST of a resource, and names TEE and endpoints at /info', async ({
    askApi,
    attestedGuest,
  }) => {
    expect(await askApi(attestedGuest, { method: 'POST', path: '/info' })).toMatchObject({ status: 405 });
    const { status, text } = await askApi(attestedGuest, '/info');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ tee: 'sample', feature: 'all' });
  });

  test('/aa/aael extends no measurement, which the attestation-agent does not record by default', async ({
    askApi,
    attestedGuest,
  }) => {
    const body = JSON.stringify({ domain: 'kata-cc-suite', operation: 'test', content: 'text' });
    const { status, text } = await askApi(attestedGuest, { method: 'POST', path: '/aa/aael', body });
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({
      success: 'false',
      message: expect.stringContaining('does not enable eventlog'),
    });
  });
});
