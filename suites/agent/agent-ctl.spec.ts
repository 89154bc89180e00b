import { bundleOf, CONTAINER_BASE, describe, expect, listDirectory, PULL_FAILED, test } from '../../fixtures/test.ts';

// kata-agent-ctl is upstream's own client, an independent implementation in another language. It sends the requests that our
// client sends to the same agent. Where the answers differ, one of the two clients encodes or decodes messages wrongly.

describe('kata-agent-ctl', { tags: ['agent-ctl', 'agent-rpc'] }, () => {
  test('kata-agent-ctl Check returns SERVING, as it does for our client', async ({ askByAgentCtl, guest }) => {
    expect(await guest.agent.check({})).toMatchObject({ status: 'SERVING' });
    expect(await askByAgentCtl(guest, 'Check')).toEqual({ response: 'status: SERVING', error: '' });
  });

  test('kata-agent-ctl GetGuestDetails returns the version, memory block size and storage handlers that our client gets', async ({
    askByAgentCtl,
    guest,
  }) => {
    const { agentDetails, memBlockSizeBytes } = await guest.agent.getGuestDetails({ memBlockSize: true });
    const { response } = await askByAgentCtl(guest, 'GetGuestDetails json://{"mem_block_size": true}');
    expect(response).toContain(`mem_block_size_bytes: ${memBlockSizeBytes}`);
    expect(response).toContain(`version: "${agentDetails?.version}"`);
    const handlers = agentDetails?.storageHandlers ?? [];
    expect(handlers).toContain('local');
    for (const handler of handlers) expect(response).toContain(`"${handler}"`);
  });

  test('kata-agent-ctl StatsContainer of an unknown container fails with the error text that our client gets', async ({
    askByAgentCtl,
    guest,
    newId,
  }) => {
    const containerId = newId();
    const rejection = await guest.agent.statsContainer({ containerId }).catch((error: unknown) => error);
    expect(rejection).toMatchObject({ details: expect.stringMatching(/container/) });
    const { details } = rejection as { readonly details: string };
    const { error, response } = await askByAgentCtl(guest, `StatsContainer json://{"container_id": "${containerId}"}`);
    expect(response).toBeUndefined();
    expect(error).toContain(details);
  });
});

describe('PullImage by kata-agent-ctl', { tags: ['agent-ctl', 'guest-pull-skopeo', 'upstream-policy'] }, () => {
  test('kata-agent-ctl PullImage of a signed image leaves the complete bundle in the guest', async ({
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
    expect(await listDirectory(guest, `${CONTAINER_BASE}/${containerId}`)).toEqual(bundleOf(target.digests.signed));
  });

  test('kata-agent-ctl PullImage of an unsigned image from a protected registry fails with the error text that our client gets', async ({
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
