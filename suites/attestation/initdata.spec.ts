import {
  annotatedEvidence,
  attestationToken,
  describe,
  expect,
  expectedAccess,
  initdataDigestOf,
  onlyInitdata,
  RESOURCE,
  resourcePolicy,
  setUpAccess,
  test,
} from '../../fixtures/test.ts';

const tags = [
  'kbs',
  'guest-components',
  'init-data',
  'main-rpc',
  'guest-console',
  'debug-console',
  'virtual-machine',
] as const;

const PATH = `/cdh/resource/${RESOURCE}`;
const FIRST = { initdata: { data: { 'note.txt': 'first' } } } as const;
const SECOND = { initdata: { algorithm: 'sha384', data: { 'note.txt': 'second' } } } as const;

// The sample attester cannot bind initdata to a guest: it stands for a TEE that can, and the KBS believes it.
describe('initdata in evidence', { tags: [...tags] }, () => {
  test('the KBS gives a resource only to the guest whose initdata its policy names, by digest or content', async ({
    askApi,
    attestedGuest: withoutInitdata,
    kbs,
    kbsRelay,
    launchAttested,
  }) => {
    const [first, second] = [await launchAttested(FIRST), await launchAttested(SECOND)];
    const digest = initdataDigestOf(kbsRelay, FIRST);
    const claims = attestationToken((await askApi(first, '/aa/token?token_type=kbs')).text).claims;
    expect(annotatedEvidence(claims)).toMatchObject({
      init_data: digest,
      init_data_claims: {
        'note.txt': 'first',
        'aa.toml': { token_configs: { kbs: { url: `http://${kbsRelay.endpoint.guestAddress}` } } },
      },
    });

    const [accepted, rejected] = [expectedAccess({}, 'text'), expectedAccess({ rejection: 'denied' }, 'text')];
    await setUpAccess(kbs.admin, { resourcePolicy: onlyInitdata(digest) }, 'text');
    expect(await askApi(first, PATH)).toMatchObject(accepted);
    expect(await askApi(second, PATH)).toMatchObject(rejected);
    expect(await askApi(withoutInitdata, PATH)).toMatchObject(rejected);

    await kbs.admin.setResourcePolicy(onlyInitdata(initdataDigestOf(kbsRelay, SECOND)));
    expect(await askApi(first, PATH)).toMatchObject(rejected);
    expect(await askApi(second, PATH)).toMatchObject(accepted);

    const content = 'input.submods.cpu0["ear.veraison.annotated-evidence"].init_data_claims["note.txt"] == "first"';
    await kbs.admin.setResourcePolicy(resourcePolicy(content));
    expect(await askApi(first, PATH)).toMatchObject(accepted);
    expect(await askApi(second, PATH)).toMatchObject(rejected);
  });
});
