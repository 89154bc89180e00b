import {
  ACCEPTED_COPIES,
  ACCEPTED_INTERFACES,
  ACCEPTED_METHODS,
  ACCEPTED_NEIGHBOURS,
  ACCEPTED_ROUTES,
  decisionOn,
  describe,
  EXEC_CHANGES,
  expect,
  podSandboxRequest,
  probeRequest,
  REJECTED_COPIES,
  REJECTED_INTERFACES,
  REJECTED_METHODS,
  REJECTED_NEIGHBOURS,
  REJECTED_ROUTES,
  SANDBOX_REQUEST_CHANGES,
  test,
} from '../../fixtures/test.ts';

// Requests of a host other than CreateContainer, under the policy that upstream's genpolicy generates for a pod.
describe('requests under a policy of genpolicy', { tags: ['genpolicy', 'agent-policy', 'virtual-machine'] }, () => {
  test("ExecProcess with a pod's liveness probe runs it in the container", async ({ newId, policedPod }) => {
    const { guest, ids } = policedPod;
    const execId = newId();
    await guest.agent.execProcess(probeRequest(ids.workload, execId));
    expect(await guest.agent.waitProcess({ containerId: ids.workload, execId })).toMatchObject({ status: 0 });
  });

  test.for(EXEC_CHANGES)(
    "ExecProcess with a pod's liveness probe, but %s, is rejected by its pod's policy",
    async ([, { process, ...others }], { newId, policedPod }) => {
      const { guest, ids } = policedPod;
      const probe = probeRequest(ids.workload, newId());
      const request = { ...probe, ...others, process: { ...probe.process, ...process } };
      expect(await decisionOn(guest.agent.execProcess(request))).toBe('rejected');
    },
  );

  test("ExecProcess with a pod's liveness probe in the sandbox's container is rejected by its pod's policy", async ({
    newId,
    policedPod,
  }) => {
    const { guest, ids } = policedPod;
    expect(await decisionOn(guest.agent.execProcess(probeRequest(ids.sandbox, newId())))).toBe('rejected');
  });

  test.for(ACCEPTED_COPIES)("CopyFile of %s is accepted by its pod's policy", async ([, request], { policedPod }) => {
    const { guest, ids } = policedPod;
    const copied = request(ids.workload);
    await guest.agent.copyFile(copied);
    await guest.run(['stat', String(copied.path)]);
  });

  test.for(REJECTED_COPIES)("CopyFile of %s is rejected by its pod's policy", async ([, request], { policedPod }) => {
    const { guest, ids } = policedPod;
    expect(await decisionOn(guest.agent.copyFile(request(ids.workload)))).toBe('rejected');
  });

  test.for(SANDBOX_REQUEST_CHANGES)(
    "CreateSandbox with %s is rejected by its pod's policy",
    async ([, change], { policedPod }) => {
      const { guest, ids } = policedPod;
      const request = { ...podSandboxRequest(ids.sandbox), ...change };
      expect(await decisionOn(guest.agent.createSandbox(request))).toBe('rejected');
    },
  );

  test.for(ACCEPTED_INTERFACES)(
    "UpdateInterface with %s is accepted by its pod's policy",
    async ([, request], { policedPod }) => {
      expect(await decisionOn(policedPod.guest.agent.updateInterface(request))).toBe('accepted');
    },
  );

  test.for(REJECTED_INTERFACES)(
    "UpdateInterface with %s is rejected by its pod's policy",
    async ([, request], { policedPod }) => {
      expect(await decisionOn(policedPod.guest.agent.updateInterface(request))).toBe('rejected');
    },
  );

  test.for(ACCEPTED_ROUTES)(
    "UpdateRoutes with %s is accepted by its pod's policy",
    async ([, request], { policedPod }) => {
      expect(await decisionOn(policedPod.guest.agent.updateRoutes(request))).toBe('accepted');
    },
  );

  test.for(REJECTED_ROUTES)(
    "UpdateRoutes with %s is rejected by its pod's policy",
    async ([, request], { policedPod }) => {
      expect(await decisionOn(policedPod.guest.agent.updateRoutes(request))).toBe('rejected');
    },
  );

  test.for(ACCEPTED_NEIGHBOURS)(
    "AddARPNeighbors with %s is accepted by its pod's policy",
    async ([, request], { policedPod }) => {
      expect(await decisionOn(policedPod.guest.agent.addARPNeighbors(request))).toBe('accepted');
    },
  );

  test.for(REJECTED_NEIGHBOURS)(
    "AddARPNeighbors with %s is rejected by its pod's policy",
    async ([, request], { policedPod }) => {
      expect(await decisionOn(policedPod.guest.agent.addARPNeighbors(request))).toBe('rejected');
    },
  );

  // The container prints its environment when it starts. The agent answers a rejected ReadStdout with empty data.
  test("ReadStdout returns nothing of a container's output under its pod's policy", async ({ policedPod }) => {
    const { guest, ids } = policedPod;
    const request = { containerId: ids.workload, execId: ids.workload, len: 4096 };
    expect((await guest.agent.readStdout(request)).data).toHaveLength(0);
  });

  test.for(ACCEPTED_METHODS)("%s is accepted by a pod's policy", async ([method, request], { policedPod }) => {
    expect(await decisionOn(policedPod.guest.agent.call(method, request))).toBe('accepted');
  });

  test.for(REJECTED_METHODS)("%s is rejected by a pod's policy", async ([method, request], { policedPod }) => {
    expect(await decisionOn(policedPod.guest.agent.call(method, request))).toBe('rejected');
  });
});
