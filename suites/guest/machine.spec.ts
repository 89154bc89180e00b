import { createContainer, describe, expect, type Guest, policyPath, test } from '../../fixtures/test.ts';

describe('guest', { tags: ['agent-rpc', 'virtual-machine'] }, () => {
  test('a guest runs the kernel that set-up provided', async ({ guest, target }) => {
    expect((await guest.run(['uname', '-r'])).stdout.trim()).toBe(target.machine?.kernel.release);
  });

  test('a guest has exactly the disks of the target, all of them read-only', async ({ guest, target }) => {
    const { stdout } = await guest.run([
      'sh',
      '-c',
      'cd /sys/block; for disk in [!lr]*; do echo "$disk $(cat $disk/ro)"; done',
    ]);
    const { agentDisks = [], disks: layers = [] } = target.machine ?? {};
    const disks = [...layers, ...agentDisks].map((_, index) => `vd${String.fromCharCode('a'.charCodeAt(0) + index)} 1`);
    expect(disks.length).toBeGreaterThan(0);
    expect(stdout.trim().split('\n')).toEqual(disks);
  });

  test('a guest keeps writes to its root file system in memory', async ({ guest, newId }) => {
    const mib = 16;
    const path = `/usr/written-${newId()}`;
    const inMemory = async (): Promise<number> => (await meminfo(guest)).get('Shmem') ?? Number.NaN;
    const before = await inMemory();
    await guest.run(['dd', 'if=/dev/zero', `of=${path}`, 'bs=1M', `count=${mib}`]);
    const grown = (await inMemory()) - before;
    await guest.run(['rm', path]);
    expect(grown).toBeGreaterThan(mib - 1);
    expect(grown).toBeLessThan(mib + 1);
  });

  test('a guest has the kernel command line that the fixture passed to it', async ({ guest }) => {
    expect((await guest.run(['cat', '/proc/cmdline'])).stdout.trim()).toBe(guest.kernelParameters);
  });

  test('a guest has the memory and CPUs of the target and the time of the host', async ({ guest, target, within }) => {
    expect(Number((await guest.run(['nproc'])).stdout)).toBe(target.machine?.cpus);
    const mib = (await meminfo(guest)).get('MemTotal');
    // The kernel reserves some of the VM's memory.
    const { memoryMib = Number.NaN } = target.machine ?? {};
    expect(mib).toBeGreaterThan(0.9 * memoryMib);
    expect(mib).toBeLessThanOrEqual(memoryMib);
    const begun = Date.now() / 1_000;
    const seconds = Number((await guest.run(['date', '+%s'])).stdout);
    const tolerance = within('clock').timeoutMs / 1_000;
    expect(seconds).toBeGreaterThan(begun - tolerance);
    expect(seconds).toBeLessThan(Date.now() / 1_000 + tolerance);
  });

  test('guest.run passes arguments and input byte for byte and returns stdout, stderr and the exit code', async ({
    guest,
  }) => {
    const odd = 'quotes \' " $HOME \\ and\na line';
    expect((await guest.run(['printf', '%s', odd])).stdout).toBe(odd);
    const both = await guest.run(['sh', '-c', 'echo out; echo err >&2; exit 3'], { okCodes: [3] });
    expect(both).toEqual({ stdout: 'out\n', stderr: 'err\n', exitCode: 3 });
    expect((await guest.run(['cat'], { input: odd })).stdout).toBe(odd);
    await expect(guest.run(['false'])).rejects.toMatchObject({ code: 'exec', exitCode: 1 });
  });
});

describe('guest with other options', { tags: ['agent-rpc', 'virtual-machine'] }, () => {
  test('a guest launched with other CPUs, memory and policy is not a clone, and has those CPUs, that memory and that policy', async ({
    launch,
  }) => {
    const guest = await launch({ policy: 'reject_all.json', machine: { cpus: 2, memoryMib: 768 } });
    expect(guest.cloned).toBe(false);
    expect((await guest.run(['nproc'])).stdout.trim()).toBe('2');
    const mib = (await meminfo(guest)).get('MemTotal');
    expect(mib).toBeGreaterThan(0.9 * 768);
    expect(mib).toBeLessThanOrEqual(768);
    expect((await guest.run(['cat', '/proc/cmdline'])).stdout).toContain(policyPath('reject_all.json'));
  });

  test('a guest launched with another policy applies that one to the image of a container', {
    tags: ['containers', 'guest-pull-storage'],
  }, async ({ expectedErrors, launch, newId }) => {
    const guest = await launch({ policy: 'reject_all.json' });
    await expect(createContainer(guest, newId())).rejects.toThrow(expectedErrors.imageRejected);
  });
});

describe('console', { tags: ['guest-console', 'virtual-machine'] }, () => {
  test('console.textSince returns the text after a cursor and not the text before it', async ({
    guest,
    newId,
    within,
  }) => {
    const [before, after] = [newId(), newId()];
    const say = (text: string) => guest.run(['sh', '-c', `echo ${text} >/dev/console`]);
    const begun = await guest.console.cursor();
    await say(before);
    await guest.console.waitFor(new RegExp(before), begun, within('console'));
    const between = await guest.console.cursor();
    await say(after);
    await guest.console.waitFor(new RegExp(after), between, within('console'));
    expect(await guest.console.textSince(between)).not.toContain(before);
  });
});

/** /proc/meminfo of the guest: MiB by name. */
async function meminfo(guest: Guest): Promise<ReadonlyMap<string, number>> {
  const { stdout } = await guest.run(['cat', '/proc/meminfo']);
  return new Map(
    [...stdout.matchAll(/^(\w+):\s+(\d+) kB$/gm)].map(([, name = '', kib]) => [name, Number(kib) / 1_024]),
  );
}
