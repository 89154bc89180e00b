import { createContainer, describe, expect, policyPath, test } from '../../fixtures/test.ts';

describe('a guest', { tags: ['agent-rpc', 'virtual-machine'] }, () => {
  test('runs the kernel that set-up made', async ({ guest, target }) => {
    expect((await guest.run(['uname', '-r'])).stdout.trim()).toBe(target.machine?.kernel.release);
  });

  test('has its own root file system, read-only below, writes in memory', async ({ guest }) => {
    const { stdout } = await guest.run(['findmnt', '--noheadings', '--output', 'FSTYPE', '/']);
    expect(stdout.trim()).toBe('overlay');
    await guest.run(['touch', '/etc/written']);
    expect((await guest.run(['cat', '/proc/partitions'])).stdout).not.toMatch(/\b(sd|nvme)/);
  });

  test('finds on its kernel command line what it was given', async ({ guest }) => {
    expect((await guest.run(['cat', '/proc/cmdline'])).stdout.trim()).toBe(guest.kernelParameters);
  });

  test('has the memory of the target, one processor, and the date', async ({ guest, target }) => {
    expect(Number((await guest.run(['nproc'])).stdout)).toBe(target.machine?.cpus);
    const { stdout } = await guest.run(['cat', '/proc/meminfo']);
    const mib = Number(/^MemTotal:\s+(\d+) kB$/m.exec(stdout)?.[1]) / 1024;
    expect(mib / (target.machine?.memoryMib ?? 0)).toBeGreaterThan(0.9);
    const seconds = Number((await guest.run(['date', '+%s'])).stdout);
    expect(Math.abs(seconds - Date.now() / 1_000)).toBeLessThan(5);
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
    const { stdout } = await guest.run(['cat', '/proc/meminfo']);
    expect(Number(/^MemTotal:\s+(\d+) kB$/m.exec(stdout)?.[1])).toBeLessThan(768 * 1024);
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
