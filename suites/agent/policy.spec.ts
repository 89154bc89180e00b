import { blockedByPolicy, describe, expect, listDirectory, type RpcError, readAll, test } from '../../fixtures/test.ts';

describe('SetPolicy', { tags: ['agent-policy', 'main-rpc'] }, () => {
  test('SetPolicy replaces the policy as a whole: a request that the first denies is allowed by the second', async ({
    guest,
    setPolicy,
  }) => {
    await setPolicy(guest, { denied: ['GetMetricsRequest'] });
    await expect(guest.agent.call('GetMetrics')).rejects.toMatchObject(blockedByPolicy('GetMetricsRequest'));
    expect(await guest.agent.call('ListInterfaces')).toMatchObject({});
    await setPolicy(guest, { denied: ['ListInterfacesRequest'] });
    expect(await guest.agent.call('GetMetrics')).toMatchObject({});
    await expect(guest.agent.call('ListInterfaces')).rejects.toMatchObject(blockedByPolicy('ListInterfacesRequest'));
  });

  test('a request whose rule the policy does not define is rejected with INTERNAL', async ({
    expectedErrors,
    guest,
    setPolicy,
  }) => {
    await setPolicy(guest, { undefined: ['GetMetricsRequest'] });
    await expect(guest.agent.call('GetMetrics')).rejects.toMatchObject(expectedErrors.undecided('GetMetricsRequest'));
    expect(await guest.agent.call('ListInterfaces')).toMatchObject({});
  });

  test('the error of a denied request contains what the policy printed', async ({ guest, newId, setPolicy }) => {
    const containerId = newId();
    const more = 'PauseContainerRequest := false if print("asked for", input.container_id)';
    await setPolicy(guest, { undefined: ['PauseContainerRequest'], more });
    await expect(guest.agent.pauseContainer({ containerId })).rejects.toMatchObject({
      code: 'permission_denied',
      details: expect.stringContaining(`asked for ${containerId}`),
    });
  });

  test('a rule decides by the fields of the request', async ({ expectedErrors, guest, newId, setPolicy }) => {
    const [one, other] = [newId(), newId()];
    const more = `default StatsContainerRequest := false\nStatsContainerRequest if input.container_id == "${one}"`;
    await setPolicy(guest, { undefined: ['StatsContainerRequest'], more });
    await expect(guest.agent.statsContainer({ containerId: one })).rejects.toMatchObject(expectedErrors.noContainer);
    await expect(guest.agent.statsContainer({ containerId: other })).rejects.toMatchObject(
      blockedByPolicy('StatsContainerRequest'),
    );
  });

  test('SetPolicy under a policy that denies SetPolicyRequest is rejected and leaves the policy in force', async ({
    launch,
    policyText,
  }) => {
    const { agent } = await launch();
    await agent.call('SetPolicy', { policy: policyText({ denied: ['SetPolicyRequest', 'GetMetricsRequest'] }) });
    await expect(agent.call('SetPolicy', { policy: policyText() })).rejects.toMatchObject(
      blockedByPolicy('SetPolicyRequest'),
    );
    await expect(agent.call('GetMetrics')).rejects.toMatchObject(blockedByPolicy('GetMetricsRequest'));
    expect(await agent.call('ListInterfaces')).toMatchObject({});
  });

  // set_policy() of upstream removes the policy in force before it parses the new one.
  test.for([
    ['is no Rego', 'this is no policy', 'expecting `package` Missing package declaration'],
    ['is empty', '', 'expecting `package` Missing package declaration'],
    ['has a syntax error', 'package agent_policy\n\ndefault SetPolicyRequest := :', 'error: expecting'],
  ] as const)(
    'SetPolicy with a text that %s fails with INVALID_ARGUMENT, and the agent then rejects every request, SetPolicy among them',
    async ([_, policy, error], { expectedErrors: { undecided }, launch, policyText }) => {
      const { agent } = await launch();
      await expect(agent.call('SetPolicy', { policy })).rejects.toMatchObject({
        code: 'invalid_argument',
        details: expect.stringContaining(error),
      });
      await expect(agent.call('GetMetrics')).rejects.toMatchObject(undecided('GetMetricsRequest'));
      const again = agent.call('SetPolicy', { policy: policyText() });
      await expect(again).rejects.toMatchObject(undecided('SetPolicyRequest'));
      expect(await agent.check({})).toEqual({ status: 'SERVING' });
    },
  );

  test('SetPolicy accepts a policy of another package, which decides no request', async ({
    expectedErrors,
    launch,
  }) => {
    const { agent } = await launch();
    await agent.call('SetPolicy', { policy: 'package other\n\ndefault GetMetricsRequest := true\n' });
    await expect(agent.call('GetMetrics')).rejects.toMatchObject(expectedErrors.undecided('GetMetricsRequest'));
  });
});

describe('AllowRequestsFailingPolicy', { tags: ['agent-policy', 'main-rpc'] }, () => {
  const failing = (value: boolean) => ({ more: `default AllowRequestsFailingPolicy := ${value}` });

  test('AllowRequestsFailingPolicy allows requests that the policy denies or does not define', async ({
    launch,
    setPolicy,
  }) => {
    const guest = await launch();
    const changes = { denied: ['GetMetricsRequest'], undefined: ['ListInterfacesRequest'] };
    await setPolicy(guest, changes);
    await expect(guest.agent.call('GetMetrics')).rejects.toMatchObject(blockedByPolicy('GetMetricsRequest'));
    await setPolicy(guest, { ...changes, ...failing(true) });
    expect(await guest.agent.call('GetMetrics')).toMatchObject({});
    expect(await guest.agent.call('ListInterfaces')).toMatchObject({});
  });

  // update_allow_failures_flag() of upstream asks the new policy while failures are still allowed.
  test('AllowRequestsFailingPolicy stays in force after a policy that sets it to false', async ({
    launch,
    setPolicy,
  }) => {
    const guest = await launch();
    await setPolicy(guest, { denied: ['GetMetricsRequest'] });
    await expect(guest.agent.call('GetMetrics')).rejects.toMatchObject(blockedByPolicy('GetMetricsRequest'));
    await setPolicy(guest, failing(true));
    await setPolicy(guest, { denied: ['GetMetricsRequest'], ...failing(false) });
    expect(await guest.agent.call('GetMetrics')).toMatchObject({});
  });
});

describe('requests that the policy decides unlike others', { tags: ['agent-policy', 'main-rpc'] }, () => {
  test.for(['stdout', 'stderr'] as const)(
    'a policy that denies ReadStreamRequest lets no output of %s out of the guest, and the output is lost',
    { tags: ['denied-output'] },
    async (stream, { guest, setPolicy, startInGuest }) => {
      const redirect = stream === 'stderr' ? '>&2' : '';
      await setPolicy(guest);
      const containerId = await startInGuest(guest, `echo secret ${redirect}; read -r _; echo public ${redirect}`);
      const request = { containerId, execId: containerId, len: 100 };
      const read = () => (stream === 'stdout' ? guest.agent.readStdout(request) : guest.agent.readStderr(request));
      await setPolicy(guest, { denied: ['ReadStreamRequest'] });
      expect((await read()).data.toString()).toBe('');
      await setPolicy(guest);
      await guest.agent.writeStdin({ containerId, execId: containerId, data: Buffer.from('\n') });
      expect(await readAll(guest, stream, containerId, containerId)).toBe('public\n');
    },
  );

  test('GetOOMEvent denied by the policy fails at once; allowed, it waits for an event', async ({
    guest,
    setPolicy,
    within,
  }) => {
    await setPolicy(guest, { denied: ['GetOOMEventRequest'] });
    await expect(guest.agent.getOOMEvent({}, within('quick-rpc'))).rejects.toMatchObject(
      blockedByPolicy('GetOOMEventRequest'),
    );
    await setPolicy(guest);
    // biome-ignore lint/plugin/time-limit: the test waits for this deadline, which always passes.
    const waiting = guest.agent.getOOMEvent({}, { timeoutMs: 300 });
    await expect(waiting).rejects.toMatchObject({ code: 'deadline_exceeded' });
  });

  test('CreateSandbox denied by the policy leaves the directories of containers; allowed, it removes them', {
    tags: ['no-sandbox'],
  }, async ({ launch, setPolicy }) => {
    const guest = await launch();
    const marker = '/run/kata-containers/marker';
    await guest.run(['mkdir', '-p', marker]);
    await setPolicy(guest, { denied: ['CreateSandboxRequest'] });
    const request = { sandboxId: 'sandbox', hostname: 'sandbox' };
    await expect(guest.agent.createSandbox(request)).rejects.toMatchObject(blockedByPolicy('CreateSandboxRequest'));
    expect(await listDirectory(guest, marker)).toEqual([]);
    await setPolicy(guest);
    await guest.agent.createSandbox(request);
    expect(await listDirectory(guest, marker)).toBeUndefined();
  });

  test('DestroySandbox denied by the policy leaves the guest running; allowed, it ends the guest', {
    tags: ['guest-exit'],
  }, async ({ launch, setPolicy }) => {
    const guest = await launch();
    await setPolicy(guest, { denied: ['DestroySandboxRequest'] });
    await expect(guest.agent.destroySandbox({})).rejects.toMatchObject(blockedByPolicy('DestroySandboxRequest'));
    await setPolicy(guest);
    expect(guest.hasEnded()).toBe(false);
    const answer = await guest.agent.destroySandbox({}).then(
      () => 'ok',
      ({ code }: RpcError) => code,
    );
    // The guest may end before the agent's answer has left it.
    expect(['ok', 'unavailable']).toContain(answer);
    await guest.untilEnded();
  });
});
