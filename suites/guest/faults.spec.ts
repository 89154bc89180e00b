import { AgentEnded, describe, expect, test } from '../../fixtures/test.ts';

describe('guest that ends', { tags: ['agent-rpc', 'guest-exit', 'virtual-machine'] }, () => {
  test('killing a guest ends pending and later calls to its agent with UNAVAILABLE', async ({ launch }) => {
    const guest = await launch();
    const waiting = expect(guest.agent.getOOMEvent({})).rejects.toMatchObject({ code: 'unavailable' });
    await guest.kill();
    await waiting;
    await expect(guest.agent.check({})).rejects.toMatchObject({ code: 'unavailable' });
    await guest.untilEnded();
  });

  test('a kernel panic ends the guest, appears on its console and makes later calls fail with UNAVAILABLE', async ({
    launch,
  }) => {
    const guest = await launch();
    const begun = await guest.console.cursor();
    // After the panic nothing in the guest can answer this call.
    const panicking = expect(guest.run(['sh', '-c', 'echo c >/proc/sysrq-trigger'])).rejects.toMatchObject({
      code: 'debug-console',
    });
    await guest.untilEnded();
    await panicking;
    expect(await guest.console.textSince(begun)).toContain('Kernel panic - not syncing: sysrq triggered crash');
    await expect(guest.agent.check({})).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('restarted agent', { tags: ['agent-rpc', 'containers', 'virtual-machine'] }, () => {
  test('a restarted agent answers at the same address and no longer knows the container of the earlier agent', async ({
    launch,
    startRunning,
    within,
    expectedErrors,
  }) => {
    const guest = await launch({ kernelParameters: ['kata_cc.restart'] });
    const { containerId } = await startRunning(guest);
    expect((await guest.agent.statsContainer({ containerId })).cgroupStats).not.toBeNull();
    const waiting = expect(guest.agent.getOOMEvent({})).rejects.toMatchObject({ code: 'unavailable' });
    const begun = await guest.console.cursor();
    await guest.killAgent();
    await waiting;
    await guest.console.waitFor(/is started again[\s\S]*ttRPC server started/, begun, within('agent-start'));
    expect(await guest.agent.check({})).toEqual({ status: 'SERVING' });
    await expect(guest.agent.statsContainer({ containerId })).rejects.toMatchObject(expectedErrors.noContainer);
  });
});

describe('guest that does not start', { tags: ['guest-exit', 'virtual-machine'] }, () => {
  const problemOf = (launching: Promise<unknown>): Promise<unknown> =>
    launching.then(
      () => 'the guest started',
      (error: unknown) => error,
    );

  test('launching a guest whose kernel panics fails with an error that quotes the panic', async ({ launch }) => {
    const problem = await problemOf(launch({ kernelParameters: ['rdinit=/nosuch'], machine: {} }));
    expect(problem).toBeInstanceOf(AgentEnded);
    expect(String(problem)).toContain('Kernel panic - not syncing');
  });

  test('launching a guest with a disk without a file system fails with an error that names the disk', async ({
    launch,
  }) => {
    const problem = await problemOf(launch({ machine: { disks: ['/etc/os-release'] } }));
    expect(problem).toBeInstanceOf(AgentEnded);
    expect(String(problem)).toContain('guest: disk vda holds no file system that can be mounted');
  });

  test('launching a guest that never starts its agent fails with an error that names the deadline and quotes the console', async ({
    launch,
  }) => {
    const problem = await problemOf(
      launch({ kernelParameters: ['kata_cc.template'], readyWithin: 'agent-never-starts' }),
    );
    expect(problem).toMatchObject({ code: 'timeout' });
    expect(String(problem)).toMatch(
      /the guest starting its agent did not happen within \d+ ms.*console ends with:\nguest: template/s,
    );
  });
});
