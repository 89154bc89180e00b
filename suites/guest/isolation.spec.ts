import { CONTAINER_BASE, createContainer, describe, expect, listDirectory, test } from '../../fixtures/test.ts';

describe('isolation of a guest', { tags: ['agent-rpc', 'virtual-machine'] }, () => {
  test('a guest reaches the registry, but not its port on the host, the DNS server of QEMU or an external address', async ({
    guest,
    target,
    within,
  }) => {
    const seconds = String(within('connection').timeoutMs / 1_000);
    const connects = (to: string, at: string): string[] => {
      return ['timeout', seconds, 'bash', '-c', `exec 3<>/dev/tcp/${to}/${at} && echo connected`];
    };
    const [host = '', port = ''] = target.registry.guestAddress.split(':');
    expect((await guest.run(connects(host, port))).stdout).toBe('connected\n');
    // The test tries the port of the registry on the host, at the addresses under which a guest would reach the host.
    const ours = target.registry.address.split(':')[1] ?? '';
    const attempts = [
      ['10.0.2.2', ours],
      [host, ours],
      ['10.0.2.3', '53'],
      ['192.0.2.1', '80'],
    ] as const;
    await Promise.all(
      attempts.map(([to, at]) =>
        expect(guest.run(connects(to, at)), `${to}:${at}`).rejects.toMatchObject({ code: 'exec' }),
      ),
    );
  });

  test('a guest shares no containers and no host name with another guest and outlives it', {
    tags: ['containers'],
  }, async ({ guest: one, launch, newId }) => {
    const two = await launch();
    const containerId = newId();
    await createContainer(one, containerId);
    expect(await listDirectory(one, CONTAINER_BASE)).toEqual(expect.arrayContaining([containerId]));
    expect((await listDirectory(two, CONTAINER_BASE)) ?? []).not.toContain(containerId);
    const names = await Promise.all([one, two].map(async (guest) => (await guest.run(['hostname'])).stdout.trim()));
    expect(names).toEqual([one.hostname, two.hostname]);
    await two.kill();
    expect(await one.agent.check({})).toEqual({ status: 'SERVING' });
  });

  test('two clones of one VM template draw different random numbers', { tags: ['cloned-guests'] }, async ({
    guest: one,
    launch,
  }) => {
    const two = await launch();
    expect([one.cloned, two.cloned]).toEqual([true, true]);
    const read = async (file: string): Promise<string[]> =>
      Promise.all([one, two].map(async (guest) => (await guest.run(['head', '-c36', file])).stdout));
    // The kernel creates the boot id once per boot: the same value shows that both guests are clones of one template.
    const [bootOne, bootTwo] = await read('/proc/sys/kernel/random/boot_id');
    expect(bootOne).toMatch(/^[0-9a-f-]{36}$/);
    expect(bootTwo).toBe(bootOne);
    const drawn = async (): Promise<string[]> =>
      Promise.all([one, two].map(async (guest) => (await guest.run(['cat', '/proc/sys/kernel/random/uuid'])).stdout));
    const numbers = [...(await drawn()), ...(await drawn())];
    for (const number of numbers) expect(number).toMatch(/^[0-9a-f-]{36}\n$/);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});
