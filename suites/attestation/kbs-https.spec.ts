import { ALLOW_ALL, describe, expect, RESOURCE, setUpAccess, test } from '../../fixtures/test.ts';

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

describe('a KBS over HTTPS', { tags: [...tags] }, () => {
  test('a container gets a resource of the KBS whose authority is in the initdata, and none of one with another authority or over plain HTTP', async ({
    askApi,
    kbsRelay,
    launchAttested,
    startKbs,
  }) => {
    const trusted = await startKbs({ https: true });
    await setUpAccess(trusted.admin, { resourcePolicy: ALLOW_ALL }, 'text');
    const guest = await launchAttested({ initdata: { certificate: trusted.authority } });

    const other = await startKbs({ https: true });
    await setUpAccess(other.admin, { resourcePolicy: ALLOW_ALL }, 'text');
    expect(await askApi(guest, PATH)).toMatchObject({
      status: 500,
      requests: [],
      console: expect.stringMatching(/UnknownIssuer|BadSignature|unable to get local issuer certificate/),
    });

    const plain = await startKbs();
    await setUpAccess(plain.admin, { resourcePolicy: ALLOW_ALL }, 'text');
    expect(await askApi(guest, PATH)).toMatchObject({
      status: 500,
      requests: [],
      console: expect.stringMatching(/InvalidContentType|wrong version number/),
    });

    kbsRelay.lead(trusted);
    expect(await askApi(guest, PATH)).toMatchObject({ status: 200, text: 'text' });
  });

  test('a container gets no resource of a KBS whose certificate is for another address', async ({
    askApi,
    launchAttested,
    startKbs,
  }) => {
    const kbs = await startKbs({ https: true, addresses: ['192.0.2.1'] });
    await setUpAccess(kbs.admin, { resourcePolicy: ALLOW_ALL }, 'text');
    const guest = await launchAttested({ initdata: { certificate: kbs.authority } });
    expect(await askApi(guest, PATH)).toMatchObject({
      status: 500,
      requests: [],
      console: expect.stringMatching(/NotValidForName|IP address mismatch/),
    });
  });

  test('a container gets no resource over HTTPS without the KBS’s authority in the initdata', async ({
    askApi,
    launchAttested,
    startKbs,
  }) => {
    const kbs = await startKbs({ https: true });
    await setUpAccess(kbs.admin, { resourcePolicy: ALLOW_ALL }, 'text');
    const guest = await launchAttested({ initdata: { scheme: 'https' } });
    expect(await askApi(guest, PATH)).toMatchObject({
      status: 500,
      requests: [],
      console: expect.stringMatching(/UnknownIssuer|unable to get local issuer certificate/),
    });
  });
});
