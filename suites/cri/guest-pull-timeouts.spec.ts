import { test as base, describe, expect, expectedPodPull, podOf } from '../../fixtures/test.ts';

// The claims of suites/image/guest-pull-limits, made there for the agent's own time limit, here for that of Kata's runtime.
const test = base.extend('keepEvidence', { scope: 'file' }, true);

/** Seconds for which the runtime waits for CreateContainer: enough for the sandbox's own container in an emulated guest. */
const SHORT = 20;
const LONG = 240;

/**
 * Why the container was not created: the runtime's own words if it gave up first, else the agent's, which has the same time limit. Source:
 * createContainer() of src/runtime/virtcontainers/kata_agent.go, whose words Kata 4.1.0 answered with; runtime-rs names the call, "agent
 * create container", and the timeout.
 */
const TIMED_OUT = /CreateContainerRequest timed out|timeout/;

describe('pod with a time limit of CreateContainer', {
  tags: ['kata-shim', 'cri', 'guest-pull-storage', 'guest-console', 'unsigned-images'],
}, () => {
  test('CRI StartContainer of an image that the guest cannot pull within create_container_timeout fails, and within a longer one is accepted', async ({
    host,
    launch,
    runFromImage,
  }) => {
    const [hasty, patient] = [
      await launch({ startedBy: 'cri', policy: null, createContainerTimeout: SHORT }),
      await launch({ startedBy: 'cri', policy: null, createContainerTimeout: LONG }),
    ];
    // The registry accepts connections and answers nothing, so that both pulls begin, and neither ends.
    using registry = await host.pauseRegistry();
    const begun = performance.now();
    const rejecting = runFromImage(hasty, 'small');
    await registry.untilConnected();
    const accepting = runFromImage(patient, 'small');
    const rejected = await rejecting;
    expect(rejected).toMatchObject({ state: 'CONTAINER_EXITED', answer: expect.stringMatching(TIMED_OUT) });
    expect(performance.now() - begun).toBeGreaterThan(SHORT * 1_000);
    const { status } = await podOf(patient).cri.podSandboxStatus({ podSandboxId: patient.sandboxId });
    expect(status).toMatchObject({ state: 'SANDBOX_READY' });
    registry[Symbol.dispose]();
    expect(await accepting).toMatchObject(expectedPodPull({ image: 'small' }));
  });
});
