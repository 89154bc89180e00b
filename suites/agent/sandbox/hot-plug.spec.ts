import { test as base, describe, expect, type Guest, readAll } from '../../../fixtures/test.ts';

const test = base
  .extend('guestOptions', { scope: 'file' }, { machine: { hotPlug: true } } as const)
  // The guest's second CPU, plugged in and offline: on each test's start the agent has not brought it online.
  .extend('offlineCpu', async ({ guest, within }) => {
    if (!(await cpus(guest, 'present')).includes('1')) await guest.plug({ kind: 'cpu' });
    const { timeoutMs } = within('hot-plug');
    await expect.poll(() => cpus(guest, 'present'), { timeout: timeoutMs }).toBe('0-1');
    await guest.run(['sh', '-c', `echo 0 >${CPU1}/online`]);
    return '1';
  });

const CPU1 = '/sys/devices/system/cpu/cpu1';
const MEMORY = '/sys/devices/system/memory';

describe('processors and memory hot-plugged into a sandbox', { tags: ['agent-rpc', 'virtual-machine'] }, () => {
  test('OnlineCPUMem brings a hot-plugged CPU online', async ({ expectedErrors, guest, offlineCpu }) => {
    expect(await cpus(guest, 'offline')).toBe(offlineCpu);
    await guest.agent.onlineCPUMem({ nbCpus: expectedErrors.nbCpus({ added: 1, total: 2 }), cpuOnly: true });
    expect(await cpus(guest, 'online')).toBe('0-1');
  });

  test('OnlineCPUMem gives a running container the CPU that it brings online', {
    tags: ['containers'],
  }, async ({ expectedErrors, guest, offlineCpu, startRunning }) => {
    const container = await startRunning(guest);
    const allowed = async (): Promise<string | undefined> => {
      const execId = await container.exec(['cat', '/proc/self/status']);
      return /^Cpus_allowed_list:\t(.*)$/m.exec(await readAll(guest, 'stdout', container.containerId, execId))?.[1];
    };
    expect(await cpus(guest, 'offline')).toBe(offlineCpu);
    expect(await allowed()).toBe('0');
    await guest.agent.onlineCPUMem({ nbCpus: expectedErrors.nbCpus({ added: 1, total: 2 }), cpuOnly: true });
    expect(await allowed()).toBe('0-1');
  });

  test('OnlineCPUMem for no CPU leaves a hot-plugged CPU offline', async ({ guest, offlineCpu }) => {
    await guest.agent.onlineCPUMem({ nbCpus: 0, cpuOnly: true });
    expect(await cpus(guest, 'offline')).toBe(offlineCpu);
  });

  test('OnlineCPUMem for more CPUs than the guest has fails after a hundred retries, with those that it has online', async ({
    guest,
    offlineCpu,
  }) => {
    expect(await cpus(guest, 'offline')).toBe(offlineCpu);
    await expect(guest.agent.onlineCPUMem({ nbCpus: 3, cpuOnly: true })).rejects.toMatchObject({
      code: 'internal',
      details: expect.stringContaining('failed to online 3 CPU(s) after 100 retries'),
    });
    expect(await cpus(guest, 'online')).toBe('0-1');
  });

  test('OnlineCPUMem brings hot-plugged memory online unless the request is for CPUs only', async ({
    guest,
    within,
  }) => {
    await guest.run(['sh', '-c', `echo offline >${MEMORY}/auto_online_blocks`]);
    const before = await offlineMib(guest);
    await guest.plug({ kind: 'memory', mib: 128 });
    await expect.poll(() => offlineMib(guest), { timeout: within('hot-plug').timeoutMs }).toBe(before + 128);
    const total = await totalMib(guest);
    await guest.agent.onlineCPUMem({ cpuOnly: true });
    expect(await offlineMib(guest)).toBe(before + 128);
    await guest.agent.onlineCPUMem({});
    expect(await offlineMib(guest)).toBe(before);
    expect(await totalMib(guest)).toBe(total + 128);
  });

  test('MemHotplugByProbe writes the address of the request, in hexadecimal, to the probe file of the kernel', async ({
    cleanup,
    guest,
  }) => {
    // Kernels for x86-64 are built without CONFIG_ARCH_MEMORY_PROBE, so a file takes the place of the kernel's.
    cleanup.defer(() => guest.run(['umount', MEMORY]).then(() => {}));
    await guest.run(['sh', '-c', `mount -t tmpfs tmpfs ${MEMORY} && touch ${MEMORY}/probe`]);
    const { supportMemHotplugProbe } = await guest.agent.getGuestDetails({ memHotplugProbe: true });
    expect(supportMemHotplugProbe).toBe(true);
    await guest.agent.memHotplugByProbe({ memHotplugProbeAddr: ['4563402752'] });
    expect((await guest.run(['cat', `${MEMORY}/probe`])).stdout).toBe('0x110000000');
  });

  test('MemHotplugByProbe without a probe file fails with "Permission denied"', async ({ guest }) => {
    const { supportMemHotplugProbe } = await guest.agent.getGuestDetails({ memHotplugProbe: true });
    expect(supportMemHotplugProbe).toBe(false);
    await expect(guest.agent.memHotplugByProbe({ memHotplugProbeAddr: ['4563402752'] })).rejects.toMatchObject({
      code: 'internal',
      details: expect.stringMatching(/^Permission denied \(os error 13\)/),
    });
  });
});

/** Numbers of the guest's CPUs that are `present`, `online` or `offline`, such as `0-1`. */
async function cpus(guest: Guest, state: 'present' | 'online' | 'offline'): Promise<string> {
  return (await guest.run(['cat', `/sys/devices/system/cpu/${state}`])).stdout.trim();
}

/** MiB of the guest's memory in blocks that are offline. */
async function offlineMib(guest: Guest): Promise<number> {
  const script = `cd ${MEMORY}; echo $((0x$(cat block_size_bytes) / 1048576 * $(cat memory*/state | grep -c offline)))`;
  return Number((await guest.run(['sh', '-c', script])).stdout);
}

/** MiB of memory that the guest's kernel uses. */
async function totalMib(guest: Guest): Promise<number> {
  const { stdout } = await guest.run(['cat', '/proc/meminfo']);
  return Math.round(Number(/^MemTotal: +(\d+) kB$/m.exec(stdout)?.[1]) / 1_024);
}
