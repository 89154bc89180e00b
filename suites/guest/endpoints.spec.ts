import {
  test as base,
  blockedEndpoint,
  describe,
  ENDPOINT_METHODS,
  expect,
  expectDeniedThenAllowed,
  expectedOutcome,
  SANDBOX_ENDPOINTS,
} from '../../fixtures/test.ts';

/** Two processors, because the only one of a guest cannot be offline. Each test restarts the agent with a list of its own. */
const OPTIONS = { kernelParameters: ['kata_cc.restart'], machine: { cpus: 2 } } as const;
const test = base.extend('guestOptions', { scope: 'file' }, OPTIONS);

const tags = ['endpoint-list', 'guest-pull-skopeo', 'virtual-machine', 'debug-console', 'guest-console'] as const;

describe('endpoints of the agent’s configuration file', { tags: [...tags] }, () => {
  test.for(ENDPOINT_METHODS)(
    '$method missing from the list of allowed endpoints alone fails with UNIMPLEMENTED and $denied; listed, it $allowed',
    async (row, { blockThenList, guest, within }) => {
      const outcome = await blockThenList(guest, row);
      await expectDeniedThenAllowed(outcome, row, { error: blockedEndpoint, ...within('process') });
    },
  );

  test.for(SANDBOX_ENDPOINTS)(
    '$method missing from the list of allowed endpoints alone fails with UNIMPLEMENTED and $denied; listed, it $allowed',
    async (row, { blockThenList, launch, within }) => {
      const outcome = await blockThenList(await launch(OPTIONS), row);
      await expectDeniedThenAllowed(outcome, row, { error: blockedEndpoint, ...within('process') });
    },
  );

  test('GetOOMEvent missing from the list of allowed endpoints fails at once; listed, it waits for an event', async ({
    guest,
    restartWithEndpoints,
    within,
  }) => {
    await restartWithEndpoints(guest, { blocked: ['GetOOMEventRequest'] });
    await expect(guest.agent.getOOMEvent({}, within('quick-rpc'))).rejects.toMatchObject(
      blockedEndpoint('GetOOMEventRequest'),
    );
    await restartWithEndpoints(guest);
    // biome-ignore lint/plugin/time-limit: the test waits for this deadline, which always passes.
    const waiting = guest.agent.getOOMEvent({}, { timeoutMs: 300 });
    await expect(waiting).rejects.toMatchObject({ code: 'deadline_exceeded' });
  });

  test('every method of grpc.AgentService in the protos in use has a test of its blocked request', ({
    policyRules,
  }) => {
    const tested = [...ENDPOINT_METHODS, ...SANDBOX_ENDPOINTS].map(({ method }) => method);
    expect([...tested, 'GetOOMEvent'].sort()).toEqual([...policyRules.keys()].sort());
  });

  test('a configuration file without the section [endpoints] blocks every request of grpc.AgentService, and not Check and Version', async ({
    guest,
    policyRules,
    restartWithEndpoints,
  }) => {
    await restartWithEndpoints(guest, { section: false });
    for (const [method, rule] of policyRules) {
      await expect(guest.agent.call(method), method).rejects.toMatchObject(blockedEndpoint(rule));
    }
    expect(await guest.agent.check({})).toEqual({ status: 'SERVING' });
    expect(await guest.agent.version({})).toMatchObject({ grpcVersion: '0.0.1' });
  });

  // A known issue: image_rpc.rs does not look at the list, although upstream's sample of a list names PullImageRequest.
  test('PullImage missing from the list of allowed endpoints fails with UNIMPLEMENTED and leaves no bundle', {
    tags: ['unsigned-images'],
  }, async ({ launch, pull, restartWithEndpoints, target }) => {
    const guest = await launch(OPTIONS);
    await restartWithEndpoints(guest);
    expect(await pull(guest, 'small')).toMatchObject(expectedOutcome({ image: 'small' }, target));
    await restartWithEndpoints(guest, { section: false });
    expect(await pull(guest, 'small')).toMatchObject({ status: 'unimplemented', bundle: undefined });
  });
});

describe('configuration file of the agent', { tags: [...tags, 'guest-exit'] }, () => {
  test('an agent ends at its start if its configuration file does not exist', async ({ launch }) => {
    const problem: unknown = await launch({ kernelParameters: ['agent.config_file=/nosuch'] }).then(
      () => 'the guest started',
      (error: unknown) => error,
    );
    expect(problem).toMatchObject({
      code: 'agent-ended',
      console: expect.stringMatching(/No such file or directory/),
    });
  });
});
