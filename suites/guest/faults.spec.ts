import { AgentEnded, describe, expect, test } from '../../fixtures/test.ts';

describe('a guest that ends', { tags: ['agent-rpc', 'guest-exit', 'virtual-machine'] }, () => {
  test('fails the calls that wait for it, and those that come after', async ({ launch }) => {
    const guest = await launch();
    const waiting = expect(guest.agent.getOOMEvent({})).rejects.toMatchObject({ code: 'unavailable' });
    await guest.kill();
    await waiting;
    await expect(guest.agent.check({})).rejects.toMatchObject({ code: 'unavailable' });
    await guest.untilEnded();
  });

  test('by a kernel panic says so on the console', async ({ launch }) => {
    const guest = await launch();
    const begun = await guest.console.cursor();
    // Nothing is left to answer.
    const panicking = expect(guest.run(['sh', '-c', 'echo c >/proc/sysrq-trigger'])).rejects.toMatchObject({
      code: 'debug-console',
    });
    await guest.untilEnded();
    await panicking;
    expect(await guest.console.textSince(begun)).toContain('Kernel panic - not syncing: sysrq triggered crash');
    await expect(guest.agent.check({})).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('an agent that is started again', { tags: ['agent-rpc', 'containers', 'virtual-machine'] }, () => {
  test('answers under the same address, and does not know the container it had created before', async ({
    launch,
    startRunning,
    target,
    words,
  }) => {
    const guest = await launch({ kernelParameters: ['kata_cc.restart'] });
    const { containerId } = await startRunning(guest);
    expect((await guest.agent.statsContainer({ containerId })).cgroupStats).not.toBeNull();
    const waiting = expect(guest.agent.getOOMEvent({})).rejects.toMatchObject({ code: 'unavailable' });
    const begun = await guest.console.cursor();
    await guest.killAgent();
    await waiting;
    const wait = { timeoutMs: 10_000 * target.slow };
    await guest.console.waitFor(/is started again[\s\S]*ttRPC server started/, begun, wait);
    expect(await guest.agent.check({})).toEqual({ status: 'SERVING' });
    await expect(guest.agent.statsContainer({ containerId })).rejects.toMatchObject(words.noContainer);
  });
});

describe('a guest that does not come up', { tags: ['guest-exit', 'virtual-machine'] }, () => {
  const problemOf = (launching: Promise<unknown>): Promise<unknown> =>
    launching.then(
      () => 'it came up',
      (error: unknown) => error,
    );

  test('because its kernel panics: the error quotes the panic', async ({ launch }) => {
    const problem = await problemOf(launch({ kernelParameters: ['rdinit=/nosuch'], machine: {} }));
    expect(problem).toBeInstanceOf(AgentEnded);
    expect(String(problem)).toContain('Kernel panic - not syncing');
  });

  test('because its image is none: the error says which disk', async ({ launch }) => {
    const problem = await problemOf(launch({ machine: { disks: ['/etc/os-release'] } }));
    expect(problem).toBeInstanceOf(AgentEnded);
    expect(String(problem)).toContain('guest: disk vda holds no file system that can be mounted');
  });

  test('because its agent is never started: the error names the deadline and quotes the console', async ({
    launch,
    target,
  }) => {
    const readyTimeoutMs = 2_000 * target.slow;
    const problem = await problemOf(launch({ kernelParameters: ['kata_cc.template'], readyTimeoutMs }));
    expect(problem).toMatchObject({ code: 'timeout' });
    expect(String(problem)).toMatch(
      /the guest starting its agent did not happen within \d+ ms.*said:\nguest: template/s,
    );
  });
});
