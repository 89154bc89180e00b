import { createContainer, describe, expect, type Guest, policyPath, test } from '../../fixtures/test.ts';

describe('a guest', { tags: ['agent-rpc', 'virtual-machine'] }, () => {
  test('runs the kernel that set-up made', async ({ guest, target }) => {
    expect((await guest.run(['uname', '-r'])).stdout.trim()).toBe(target.machine?.kernel.release);
  });

  test('has the disks of the target and no others, all of them read-only', async ({ guest, target }) => {
    const { stdout } = await guest.run([
      'sh',
      '-c',
      'cd /sys/block; for disk in [!lr]*; do echo "$disk $(cat $disk/ro)"; done',
    ]);
    const disks = (target.machine?.disks ?? []).map(
      (_, index) => `vd${String.fromCharCode('a'.charCodeAt(0) + index)} 1`,
    );
    expect(disks.length).toBeGreaterThan(0);
    expect(stdout.trim().split('\n')).toEqual(disks);
  });

  test('keeps in memory what is written to its root file system', async ({ guest, newId }) => {
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

  test('finds on its kernel command line what it was given', async ({ guest }) => {
    expect((await guest.run(['cat', '/proc/cmdline'])).stdout.trim()).toBe(guest.kernelParameters);
  });

  test('has the memory, the processors and the time of the target', async ({ guest, target }) => {
    expect(Number((await guest.run(['nproc'])).stdout)).toBe(target.machine?.cpus);
    const mib = (await meminfo(guest)).get('MemTotal');
    // The kernel keeps some for itself.
    const { memoryMib = Number.NaN } = target.machine ?? {};
    expect(mib).toBeGreaterThan(0.9 * memoryMib);
    expect(mib).toBeLessThanOrEqual(memoryMib);
    const begun = Date.now() / 1_000;
    const seconds = Number((await guest.run(['date', '+%s'])).stdout);
    const tolerance = 5 * target.slow;
    expect(seconds).toBeGreaterThan(begun - tolerance);
    expect(seconds).toBeLessThan(Date.now() / 1_000 + tolerance);
  });

  test('runs commands with both streams, an exit code and input, byte for byte', async ({ guest }) => {
    const odd = 'quotes \' " $HOME \\ and\na line';
    expect((await guest.run(['printf', '%s', odd])).stdout).toBe(odd);
    const both = await guest.run(['sh', '-c', 'echo out; echo err >&2; exit 3'], { okCodes: [3] });
    expect(both).toEqual({ stdout: 'out\n', stderr: 'err\n', exitCode: 3 });
    expect((await guest.run(['cat'], { input: odd })).stdout).toBe(odd);
    await expect(guest.run(['false'])).rejects.toMatchObject({ code: 'exec', exitCode: 1 });
  });
});

describe('a guest that is to differ', { tags: ['agent-rpc', 'virtual-machine'] }, () => {
  test('has the processors and the memory it was given, and the policy on its own kernel command line is in force', {
    tags: ['containers'],
  }, async ({ launch, newId, words }) => {
    const guest = await launch({ policy: 'reject_all.json', machine: { cpus: 2, memoryMib: 768 } });
    expect(guest.cloned).toBe(false);
    expect((await guest.run(['nproc'])).stdout.trim()).toBe('2');
    const mib = (await meminfo(guest)).get('MemTotal');
    expect(mib).toBeGreaterThan(0.9 * 768);
    expect(mib).toBeLessThanOrEqual(768);
    expect((await guest.run(['cat', '/proc/cmdline'])).stdout).toContain(policyPath('reject_all.json'));
    await expect(createContainer(guest, newId())).rejects.toThrow(words.imageRefused);
  });
});

describe('the console', { tags: ['guest-console', 'virtual-machine'] }, () => {
  test('gives what was said after a cursor, and not what was said before', async ({ guest, newId }) => {
    const [before, after] = [newId(), newId()];
    const say = (text: string) => guest.run(['sh', '-c', `echo ${text} >/dev/console`]);
    const begun = await guest.console.cursor();
    await say(before);
    await guest.console.waitFor(new RegExp(before), begun, { timeoutMs: 5_000 });
    const between = await guest.console.cursor();
    await say(after);
    await guest.console.waitFor(new RegExp(after), between, { timeoutMs: 5_000 });
    expect(await guest.console.textSince(between)).not.toContain(before);
  });
});

/** What the guest's kernel says of its memory: MiB by name. */
async function meminfo(guest: Guest): Promise<ReadonlyMap<string, number>> {
  const { stdout } = await guest.run(['cat', '/proc/meminfo']);
  return new Map(
    [...stdout.matchAll(/^(\w+):\s+(\d+) kB$/gm)].map(([, name = '', kib]) => [name, Number(kib) / 1_024]),
  );
}
