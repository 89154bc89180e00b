import { CONTAINER_BASE, createContainer, describe, expect, test } from '../../fixtures/test.ts';

describe('the debug console', { tags: ['debug-console'] }, () => {
  test('is a root shell in the guest', async ({ guest, openShell }) => {
    const shell = await openShell(guest);
    expect(await shell.run('id -u')).toEqual({ output: '0', exitCode: 0 });
    expect(await shell.run('hostname')).toEqual({ output: guest.hostname, exitCode: 0 });
  });

  test('is on a terminal', async ({ guest, openShell }) => {
    const shell = await openShell(guest);
    expect((await shell.run('tty')).output).toMatch(/^\/dev\/pts\/\d+$/);
  });

  test('has the size of the terminal somebody types on, and follows it', async ({ guest, openTerminal }) => {
    const terminal = await openTerminal(guest, { rows: 33, columns: 99 });
    expect(await terminal.type('stty size', /(\d+ \d+)\r\n/)).toBe('33 99');
    await terminal.resize({ rows: 50, columns: 200 });
    expect(await terminal.type('stty size', /(\d+ \d+)\r\n/)).toBe('50 200');
  });

  test('closes when the shell ends, as the one who types may have it', async ({ guest, openTerminal }) => {
    const terminal = await openTerminal(guest, { rows: 24, columns: 80 });
    expect(await terminal.type('exit', /(exit)\r\n/)).toBe('exit');
    await terminal.closed;
  });

  test('is left by whoever types without a shell staying behind', async ({ guest, openShell, openTerminal }) => {
    const terminal = await openTerminal(guest, { rows: 24, columns: 80 });
    const pid = await terminal.type('echo $$', /(\d+)\r\n/);
    const shell = await openShell(guest);
    const alive = async (): Promise<boolean> => (await shell.run(`kill -0 ${pid}`)).exitCode === 0;
    expect(await alive()).toBe(true);
    await terminal.leave();
    await expect.poll(alive).toBe(false);
  });

  test('gives the exit code of what it runs', async ({ guest, openShell }) => {
    const shell = await openShell(guest);
    expect(await shell.run('(exit 7)')).toEqual({ output: '', exitCode: 7 });
  });

  test('sees what the containers of the guest are made of', { tags: ['containers'] }, async ({
    guest,
    newId,
    openShell,
  }) => {
    const containerId = newId();
    await createContainer(guest, containerId);
    const shell = await openShell(guest);
    const { output } = await shell.run(
      `ls -1 ${CONTAINER_BASE}/${containerId} ${CONTAINER_BASE}/${containerId}/rootfs`,
    );
    expect(output.split('\n')).toEqual(expect.arrayContaining(['config.json', 'bin']));
  });

  test('serves several at once, each its own shell', async ({ guest, openShell }) => {
    const [one, two] = [await openShell(guest), await openShell(guest)];
    await one.run('NAME=one');
    await two.run('NAME=two');
    expect((await one.run('echo $NAME')).output).toBe('one');
    expect((await two.run('echo $NAME')).output).toBe('two');
  });
});
