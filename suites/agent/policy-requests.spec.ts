import {
  blockedByPolicy,
  CONTAINER_METHODS,
  describe,
  expect,
  expectDeniedThenAllowed,
  SANDBOX_METHODS,
  test,
} from '../../fixtures/test.ts';

/** Methods of grpc.AgentService whose requests other specs deny, because the call is unlike the others. */
const ELSEWHERE = {
  ReadStdout: 'a denied ReadStreamRequest is answered with empty data: suites/agent/policy.spec.ts',
  ReadStderr: 'a denied ReadStreamRequest is answered with empty data: suites/agent/policy.spec.ts',
  GetOOMEvent: 'an allowed call waits for an event: suites/agent/policy.spec.ts',
  SetPolicy: 'a policy that denies it cannot be replaced: suites/agent/policy.spec.ts',
  CreateSandbox: 'it removes the directories of all containers: suites/agent/policy.spec.ts',
  DestroySandbox: 'it ends the guest: suites/agent/policy.spec.ts',
  UpdateInterface: 'it needs a VM: suites/guest/policy.spec.ts',
  UpdateRoutes: 'it needs a VM: suites/guest/policy.spec.ts',
  AddARPNeighbors: 'it needs a VM: suites/guest/policy.spec.ts',
  SetGuestDateTime: 'it needs a VM: suites/guest/policy.spec.ts',
  OnlineCPUMem: 'it needs a VM: suites/guest/policy.spec.ts',
} as const;

const TABLE = [...CONTAINER_METHODS, ...SANDBOX_METHODS];

describe('requests under the agent’s policy', { tags: ['agent-policy', 'main-rpc', 'guest-console'] }, () => {
  test.for(TABLE)(
    '$method denied by the policy alone fails with PERMISSION_DENIED and $denied; allowed, it $allowed',
    async (row, { denyThenAllow, guest, within }) => {
      const outcome = await denyThenAllow(guest, row);
      await expectDeniedThenAllowed(outcome, row, { error: blockedByPolicy, ...within('process') });
    },
  );

  test('every method of grpc.AgentService in the protos in use has a test of its denied request', ({ policyRules }) => {
    const methods = [...policyRules.keys()];
    const ofAllReleases = TABLE.filter(({ release }) => release === undefined).map(({ method }) => method);
    expect(methods).toEqual(expect.arrayContaining([...ofAllReleases, ...Object.keys(ELSEWHERE)]));
    const tested = new Set([...TABLE.map(({ method }) => method), ...Object.keys(ELSEWHERE)]);
    expect(methods.filter((method) => !tested.has(method))).toEqual([]);
  });

  test.for(['Check', 'Version'])(
    '%s of grpc.Health is no subject of the policy: it is answered under a policy without any rule but SetPolicyRequest',
    async (method, { guest, policyRules, setPolicy }) => {
      const others = [...new Set(policyRules.values())].filter((rule) => rule !== 'SetPolicyRequest');
      await setPolicy(guest, { undefined: others });
      expect(await guest.agent.call(`grpc.Health/${method}`)).toMatchObject({});
      await expect(guest.agent.call('GetMetrics')).rejects.toMatchObject({ code: 'internal' });
    },
  );
});
