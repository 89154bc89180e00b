import {
  blockedByPolicy,
  describe,
  expect,
  type Guest,
  initdataDigest,
  initdataDisk,
  initdataPayload,
  initdataToml,
  listDirectory,
  test,
} from '../../fixtures/test.ts';

/** Where the agent writes the files of the initdata. */
const FILES = '/run/confidential-containers/initdata';

describe('initdata', { tags: ['init-data', 'main-rpc', 'debug-console', 'guest-console'] }, () => {
  test('the agent writes the initdata and its files aa.toml and cdh.toml, byte for byte', async ({ launch }) => {
    const data = { 'aa.toml': '[token_configs]\n# "AA" ünï\n', 'cdh.toml': "[kbc]\nname = 'offline_fs_kbc'\n" };
    const guest = await launch({ initdata: { data: { ...data, other: 'not written as a file' } } });
    const content = async (name: string) => (await guest.run(['cat', `${FILES}/${name}`])).stdout;
    expect(await listDirectory(guest, FILES)).toEqual(['aa.toml', 'cdh.toml', 'initdata.toml']);
    expect(await content('initdata.toml')).toBe(initdataToml({ data: { ...data, other: 'not written as a file' } }));
    expect(await content('aa.toml')).toBe(data['aa.toml']);
    expect(await content('cdh.toml')).toBe(data['cdh.toml']);
  });

  test('the agent writes only those files that the initdata contains', async ({ launch }) => {
    const guest = await launch({ initdata: { data: { 'cdh.toml': '' } } });
    expect(await listDirectory(guest, FILES)).toEqual(['cdh.toml', 'initdata.toml']);
  });

  test('a guest without initdata has no files of it, and says so', async ({ guest, within }) => {
    expect(await listDirectory(guest, FILES)).toBeUndefined();
    await said(guest, 'Initdata device not found, skip initdata initialization', within('console'));
  });

  // Nothing compares the digest in a guest without a TEE: the agent hands it to the attestation-agent.
  test.for(['sha256', 'sha384', 'sha512'])(
    'the agent computes the digest of the initdata with its algorithm %s',
    async (algorithm, { launch, within }) => {
      const guest = await launch({ initdata: { algorithm } });
      const digest = initdataDigest(initdataToml({ algorithm }), algorithm);
      await said(guest, `Initdata digest: ${digest}`, within('console'));
    },
  );
});

describe('the agent’s policy in the initdata', { tags: ['init-data', 'agent-policy', 'main-rpc'] }, () => {
  test('a request is decided by the policy of the initdata instead of the default policy of the guest', async ({
    guest: without,
    launch,
    policyText,
  }) => {
    const policy = policyText({ denied: ['GetMetricsRequest'] });
    const { agent } = await launch({ initdata: { data: { 'policy.rego': policy } } });
    await expect(agent.call('GetMetrics')).rejects.toMatchObject(blockedByPolicy('GetMetricsRequest'));
    expect(await agent.call('ListInterfaces')).toMatchObject({});
    expect(await without.agent.call('GetMetrics')).toMatchObject({});
  });

  test('the default policy of the guest decides if the initdata has no policy', async ({ launch }) => {
    const { agent } = await launch({ initdata: { data: { 'aa.toml': '' } } });
    expect(await agent.call('GetMetrics')).toMatchObject({});
  });

  test('SetPolicy cannot replace a policy of the initdata that denies SetPolicyRequest', async ({
    launch,
    policyText,
  }) => {
    const policy = policyText({ denied: ['SetPolicyRequest', 'GetMetricsRequest'] });
    const { agent } = await launch({ initdata: { data: { 'policy.rego': policy } } });
    await expect(agent.call('SetPolicy', { policy: policyText() })).rejects.toMatchObject(
      blockedByPolicy('SetPolicyRequest'),
    );
    await expect(agent.call('GetMetrics')).rejects.toMatchObject(blockedByPolicy('GetMetricsRequest'));
  });
});

describe('disks with initdata', { tags: ['init-data', 'main-rpc', 'virtual-machine', 'guest-console'] }, () => {
  const diskOf = (name: string): Buffer => initdataDisk(initdataPayload(initdataToml({ data: { 'aa.toml': name } })));

  test('of two disks with initdata the agent reads the one that /dev lists first, and not the other', async ({
    launch,
    within,
  }) => {
    const guest = await launch({ machine: { rawDisks: [diskOf('one'), diskOf('two')] } });
    const listed = (await guest.run(['sh', '-c', 'ls -U /dev | grep ^vd'])).stdout.trim().split('\n');
    const [one = '', two = ''] = [...listed].sort().slice(-2);
    const first = listed.indexOf(one) < listed.indexOf(two) ? { disk: one, is: 'one' } : { disk: two, is: 'two' };
    await said(guest, `Found initdata device /dev/${first.disk}`, within('console'));
    expect((await guest.run(['cat', `${FILES}/aa.toml`])).stdout).toBe(first.is);
  });

  test('the agent ignores a disk that begins with another magic number', async ({ launch, within }) => {
    const guest = await launch({ machine: { rawDisks: [initdataDisk(Buffer.from('x'), { magic: 'initdatb' })] } });
    await said(guest, 'Initdata device not found', within('console'));
  });
});

/** Waits until a text is on the guest's console, which may lag behind the agent's first answer. */
async function said({ console }: Guest, text: string, { timeoutMs }: { readonly timeoutMs: number }): Promise<void> {
  await expect.poll(() => console.textSince(0), { timeout: timeoutMs }).toContain(text);
}
