import { describe, expect, readAll, test } from '../../../fixtures/test.ts';

describe('signals of a process in a container', { tags: ['containers'] }, () => {
  // A process inherits what its agent ignores, and a shell lets what it starts with `&` ignore SIGINT.
  test('ExecProcess starts a process that does not ignore SIGINT', async ({ guest, running }) => {
    const execId = await running.exec(['sh', '-c', 'grep ^SigIgn /proc/self/status']);
    const said = await readAll(guest, 'stdout', running.containerId, execId);
    const [, mask] = /^SigIgn:\t([\da-f]{16})\n$/.exec(said) ?? [];
    // Signal n is bit n - 1, and SIGINT is 2.
    expect(Number(`0x${mask}`) & 0b10).toBe(0);
  });
});
