import {
  bundleOf,
  CONTAINER_BASE,
  describe,
  digestOf,
  expect,
  listDirectory,
  PULL_FAILED,
  test,
} from '../../fixtures/test.ts';

// Upstream's own client, written in another language by other people, asks the agent that ours asks. Where the two disagree,
// one of them is wrong about the wire.

describe('kata-agent-ctl', { tags: ['agent-ctl', 'agent-rpc'] }, () => {
  test('is told that the agent serves, as we are', async ({ askByAgentCtl, guest }) => {
    expect(await guest.agent.check({})).toMatchObject({ status: 'SERVING' });
    expect(await askByAgentCtl(guest, 'Check')).toEqual({ response: 'status: SERVING', error: '' });
  });

  test('is told the details of the guest that we are told', async ({ askByAgentCtl, guest }) => {
    const { agentDetails, memBlockSizeBytes } = await guest.agent.getGuestDetails({ memBlockSize: true });
    const { response } = await askByAgentCtl(guest, 'GetGuestDetails json://{"mem_block_size": true}');
    expect(response).toContain(`mem_block_size_bytes: ${memBlockSizeBytes}`);
    expect(response).toContain(`version: "${agentDetails?.version}"`);
    const handlers = agentDetails?.storageHandlers ?? [];
    expect(handlers).toContain('local');
    for (const handler of handlers) expect(response).toContain(`"${handler}"`);
  });

  test('is refused a container that is not there, with the words we are refused with', async ({
    askByAgentCtl,
    guest,
    newId,
  }) => {
    const containerId = newId();
    const refusal = await guest.agent.statsContainer({ containerId }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ details: expect.stringMatching(/container/) });
    const { details } = refusal as { readonly details: string };
    const { error, response } = await askByAgentCtl(guest, `StatsContainer json://{"container_id": "${containerId}"}`);
    expect(response).toBeUndefined();
    expect(error).toContain(details);
  });
});

describe('kata-agent-ctl has an image pulled', { tags: ['agent-ctl', 'guest-pull-skopeo', 'upstream-policy'] }, () => {
  test('which then is in the guest as if we had asked for it', async ({
    askByAgentCtl,
    guest,
    images,
    newId,
    target,
  }) => {
    const containerId = newId();
    const image = images.signed.reference;
    const { response } = await askByAgentCtl(guest, `PullImage image=${image} cid=${containerId} source_creds=`);
    expect(response).toContain(`image_ref: "${image}"`);
    expect(await listDirectory(guest, `${CONTAINER_BASE}/${containerId}`)).toEqual(
      bundleOf(digestOf('signed', target)),
    );
  });

  test('which the policy refuses, with the words we are refused with', async ({
    askByAgentCtl,
    guest,
    images,
    newId,
    pull,
  }) => {
    expect(await pull(guest, 'noSignature')).toMatchObject({ status: 'internal', answer: PULL_FAILED });
    const command = `PullImage image=${images.noSignature.reference} cid=${newId()} source_creds=`;
    const { error, response } = await askByAgentCtl(guest, command);
    expect(response).toBeUndefined();
    expect(error).toContain(PULL_FAILED);
  });
});
