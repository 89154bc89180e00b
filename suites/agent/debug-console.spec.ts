import { CONTAINER_BASE, createContainer, describe, expect, test } from '../../fixtures/test.ts';

describe('debug console', { tags: ['debug-console'] }, () => {
  test('the debug console is a root shell in the guest', async ({ guest, openShell }) => {
    const shell = await openShell(guest);
    expect(await shell.run('id -u')).toEqual({ output: '0', exitCode: 0 });
    expect(await shell.run('hostname')).toEqual({ output: guest.hostname, exitCode: 0 });
  });

  test('the shell of the debug console runs on a pseudo-terminal of the guest', async ({ guest, openShell }) => {
    const shell = await openShell(guest);
    expect((await shell.run('tty')).output).toMatch(/^\/dev\/pts\/\d+$/);
  });

  test('the debug console has the size of the client terminal and follows its changes', async ({
    guest,
    openTerminal,
  }) => {
    const terminal = await openTerminal(guest, { rows: 33, columns: 99 });
    expect(await terminal.type('stty size', /(\d+ \d+)\r\n/)).toBe('33 99');
    await terminal.resize({ rows: 50, columns: 200 });
    expect(await terminal.type('stty size', /(\d+ \d+)\r\n/)).toBe('50 200');
  });

  test('the debug console closes the connection when the user exits the shell', async ({ guest, openTerminal }) => {
    const terminal = await openTerminal(guest, { rows: 24, columns: 80 });
    expect(await terminal.type('exit', /(exit)\r\n/)).toBe('exit');
    await terminal.closed;
  });

  test('the debug console ends its shell when the client leaves', async ({
    guest,
    openShell,
    openTerminal,
    within,
  }) => {
    const terminal = await openTerminal(guest, { rows: 24, columns: 80 });
    const pid = await terminal.type('echo $$', /(\d+)\r\n/);
    const shell = await openShell(guest);
    const alive = async (): Promise<boolean> => (await shell.run(`kill -0 ${pid}`)).exitCode === 0;
    expect(await alive()).toBe(true);
    await terminal.leave();
    await expect.poll(alive, { timeout: within('process').timeoutMs }).toBe(false);
  });

  test('the debug console returns the exit code of a command', async ({ guest, openShell }) => {
    const shell = await openShell(guest);
    expect(await shell.run('(exit 7)')).toEqual({ output: '', exitCode: 7 });
  });

  test('a command in the guest gets its whole input of 30 000 bytes', async ({ guest }) => {
    const { stdout } = await guest.run(['wc', '-c'], { input: 'x'.repeat(30_000) });
    expect(stdout.trim()).toBe('30000');
  });

  test('the debug console sees the bundles and root file systems of containers in the guest', {
    tags: ['containers'],
  }, async ({ guest, newId, openShell }) => {
    const containerId = newId();
    await createContainer(guest, containerId);
    const shell = await openShell(guest);
    const { output } = await shell.run(
      `ls -1 ${CONTAINER_BASE}/${containerId} ${CONTAINER_BASE}/${containerId}/rootfs`,
    );
    expect(output.split('\n')).toEqual(expect.arrayContaining(['config.json', 'bin']));
  });

  test('the debug console serves two clients at once, each with a shell of its own', async ({ guest, openShell }) => {
    const [one, two] = [await openShell(guest), await openShell(guest)];
    await one.run('NAME=one');
    await two.run('NAME=two');
    expect((await one.run('echo $NAME')).output).toBe('one');
    expect((await two.run('echo $NAME')).output).toBe('two');
  });
});
