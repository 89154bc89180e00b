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

/** Images in the guest's agent policy, by genpolicy's form. Source: attestation-service/src/ear_token/ear_default_policy_cpu.rego of trustee. */
const IMAGES = 'input.submods.cpu0["ear.trustee.identifiers"].validated.container_images';

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

  test('the KBS gives a resource only to the guest whose agent policy is for the image that its own policy names', {
    tags: ['agent-policy'],
  }, async ({ askApi, kbs, launchAttested, policyText }) => {
    const named = resourcePolicy(`"docker.io/library/busybox" in ${IMAGES}`);
    await setUpAccess(kbs.admin, { resourcePolicy: named }, 'text');
    const policyFor = (image: string): string => {
      const container = {
        OCI: { Annotations: { 'io.kubernetes.cri.image-name': image }, Process: { User: { UID: 0 } } },
      };
      return policyText({ more: `policy_data := ${JSON.stringify({ containers: [container] })}` });
    };
    for (const [image, rejection] of [['docker.io/library/busybox'], ['docker.io/library/other', 'denied']] as const) {
      const guest = await launchAttested({ initdata: { data: { 'policy.rego': policyFor(image) } } });
      expect(await askApi(guest, PATH), image).toMatchObject(expectedAccess(rejection ? { rejection } : {}, 'text'));
    }
  });
});
