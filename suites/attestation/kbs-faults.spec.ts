import { ALLOW_ALL, describe, expect, RESOURCE, setUpAccess, test } from '../../fixtures/test.ts';

const tags = ['kbs', 'guest-components', 'main-rpc', 'guest-console', 'debug-console', 'virtual-machine'] as const;

const PATH = `/cdh/resource/${RESOURCE}`;
const ALLOWED = { resourcePolicy: ALLOW_ALL } as const;
const GIVEN = { status: 200, text: 'text' } as const;
const FAILED = { status: 500, requests: [] } as const;

/** The error of the client whose request gets no answer: the CDH's if it has a token, else the attestation-agent's. */
const NO_ANSWER = /reqwest::Error \{.*kind: Request/;

describe('a KBS that fails', { tags: [...tags] }, () => {
  test('a container gets no resource while the KBS is down, and gets it once the KBS is up', async ({
    askApi,
    attestedGuest,
    startKbs,
  }) => {
    const down = await askApi(attestedGuest, PATH);
    expect(down).toMatchObject({ ...FAILED, console: expect.stringMatching(NO_ANSWER) });
    const kbs = await startKbs();
    await setUpAccess(kbs.admin, ALLOWED, 'text');
    expect(await askApi(attestedGuest, PATH)).toMatchObject(GIVEN);
  });

  test('a KBS that comes up while the attestation-agent retries gives the resource to the same request', async ({
    askApi,
    attestedGuest,
    kbs,
    kbsRelay,
    within,
  }) => {
    await setUpAccess(kbs.admin, ALLOWED, 'text');
    kbsRelay.lead(undefined);
    const begun = await attestedGuest.console.cursor();
    const pending = askApi(attestedGuest, '/aa/token?token_type=kbs');
    await attestedGuest.console.waitFor(/RCAR handshake failed: .*retry 1\.\.\./, begun, within('rpc'));
    kbsRelay.lead(kbs);
    expect(await pending).toMatchObject({ status: 200 });
  });

  test('a container waits for a KBS that does not answer yet, and gets the resource once it does', async ({
    askApi,
    attestedGuest,
    kbs,
    within,
  }) => {
    await setUpAccess(kbs.admin, ALLOWED, 'text');
    let answered = false;
    const begun = await attestedGuest.console.cursor();
    const frozen = kbs.freeze();
    const pending = askApi(attestedGuest, PATH).finally(() => {
      answered = true;
    });
    await attestedGuest.console.waitFor(/get resource called: kbs:\/\/\/default\/test\/key/, begun, within('rpc'));
    expect(answered).toBe(false);
    frozen[Symbol.dispose]();
    expect(await pending).toMatchObject(GIVEN);
  });

  test('a KBS that is restarted keeps resources and policies, and accepts the token from before', async ({
    askApi,
    attestedGuest,
    kbs,
  }) => {
    await setUpAccess(kbs.admin, ALLOWED, 'text');
    expect(await askApi(attestedGuest, PATH)).toMatchObject(GIVEN);
    await kbs.stop();
    expect(await askApi(attestedGuest, PATH)).toMatchObject(FAILED);
    await kbs.start();
    expect(await askApi(attestedGuest, PATH)).toMatchObject({ ...GIVEN, requests: [`GET resource/${RESOURCE} 200`] });
  });

  test('a KBS with another key rejects the token from before, and gives the resource after attestation', async ({
    askApi,
    attestedGuest,
    startKbs,
  }) => {
    for (const text of ['first', 'second']) {
      const kbs = await startKbs();
      await setUpAccess(kbs.admin, ALLOWED, text);
      const { kbs: log, ...outcome } = await askApi(attestedGuest, PATH);
      expect(outcome).toMatchObject({ status: 200, text });
      if (text === 'first') continue;
      expect(log).toMatch(/ERROR kbs::error: TokenVerifierError\(TokenVerificationFailed/);
      expect(outcome.requests).toEqual([
        ...[`GET resource/${RESOURCE} 401`, 'POST auth 200'],
        ...['POST attest 200', `GET resource/${RESOURCE} 200`],
      ]);
    }
  });
});

describe('a server that is no KBS', { tags: [...tags] }, () => {
  test.for([
    ['200 and a page', { status: 200, body: '<html>It works!</html>' }, /kind: Decode,.*expected value/],
    [
      '200 and JSON of another kind',
      { status: 200, body: '{"nonce":1}' },
      /invalid type: integer `1`, expected a string/,
    ],
    ['401 and a page', { status: 401, body: 'Log in' }, /kind: Decode,.*expected value/],
    ['404', { status: 404, body: 'nothing here' }, /KBS Server Internal Failed, Response: .*nothing here/],
    ['500', { status: 500, body: 'out of order' }, /KBS Server Internal Failed, Response: .*out of order/],
  ] as const)(
    'a container gets no token if a server answers %s in place of the KBS',
    async ([, answer, reason], { askApi, attestedGuest, serveInsteadOfKbs }) => {
      const server = await serveInsteadOfKbs(answer);
      const outcome = await askApi(attestedGuest, '/aa/token?token_type=kbs');
      expect(outcome.status).toBe(500);
      expect(outcome.console).toMatch(reason);
      expect(server.requests).toEqual(Array.from({ length: 5 }, () => 'POST /kbs/v0/auth'));
    },
  );
});
