import { CONTAINER_BASE, createContainer, describe, expect, listDirectory, test } from '../../fixtures/test.ts';

describe('a guest', { tags: ['agent-rpc', 'virtual-machine'] }, () => {
  const connects = (host: string, port: string): string[] => {
    return ['timeout', '4', 'bash', '-c', `exec 3<>/dev/tcp/${host}/${port} && echo connected`];
  };

  test('reaches the registries and nothing else of this machine', async ({ guest, target }) => {
    const [host = '', port = ''] = target.registry.guestAddress.split(':');
    expect((await guest.run(connects(host, port))).stdout).toBe('connected\n');
    // The port at which this machine itself reaches the registry, at the address a guest would find this machine under.
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

  test('sees nothing of another guest', { tags: ['containers'] }, async ({ guest: one, launch, newId }) => {
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

  test('has random numbers of its own, although it is a clone', { tags: ['cloned-guests'] }, async ({
    guest: one,
    launch,
  }) => {
    const two = await launch();
    expect([one.cloned, two.cloned]).toEqual([true, true]);
    const read = async (file: string): Promise<string[]> =>
      Promise.all([one, two].map(async (guest) => (await guest.run(['head', '-c36', file])).stdout));
    // Made once per boot: that it is the same shows that both continue one machine.
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
