import { afterEach, beforeEach, expect, test } from 'vitest';
import { AS_ROOT, describeWhere, testWhere } from '../../../helpers/contract/run-where.ts';
import { fileExists } from '../../../helpers/files.ts';
import { commandLine, run } from '../../../helpers/process/exec.ts';
import { processesMentioning } from '../../../helpers/process/process.ts';
import { projectPath } from '../../project.ts';
import { type ExampleSandbox, exampleSandbox } from './example-sandbox.ts';
import { openUserTerminal, type TerminalUser } from './example-terminal.ts';

/** Timeout for tests of the terminal on a machine that compiles meanwhile, in milliseconds. */
const BUSY_MS = 180_000;
const CTRL_Q = '\x11';

const ccv0 = ({ id }: ExampleSandbox): string[] => [
  process.execPath,
  ...[projectPath('setup/commands/kata.ts'), 'ccv0', 'open_kata_shell', id],
];

testWhere(AS_ROOT)(
  'open_kata_shell types its piped stdin into the guest shell, including the end of input',
  async () => {
    await using sandbox = await exampleSandbox(`piped-${process.pid}`);
    const { stdout } = await run(ccv0(sandbox), {
      cwd: projectPath('.'),
      input: 'echo "shell $$"\n',
      timeoutMs: 20_000,
    });
    const [, pid] = /^shell (\d+)\r$/m.exec(stdout) ?? [];
    expect(Number(pid)).toBeGreaterThan(0);
    await expect.poll(() => fileExists(`/proc/${pid}`), { timeout: 10_000 }).toBe(false);
  },
);

describeWhere(AS_ROOT)('the shell of ccv0', { timeout: BUSY_MS }, () => {
  let sandbox: ExampleSandbox;
  let user: TerminalUser;
  /** Path of the user's terminal device. */
  let tty: string;
  /** Process id of the shell in the sandbox. */
  let pid: string;

  beforeEach(async () => {
    sandbox = await exampleSandbox(`terminal-${process.pid}`);
    user = openUserTerminal();
    user.type('stty rows 33 cols 99; tty\n');
    tty = await user.see(/(\/dev\/pts\/\d+)\r/);
    user.type(`cd ${projectPath('.')}; ${commandLine(ccv0(sandbox))}; echo "ended with $?"; stty --all\n`);
    await user.see(/Ctrl-Q to detach/);
    user.type('echo "shell $$"\r');
    pid = await user.see(/shell (\d+)\r/);
  }, BUSY_MS);
  afterEach(async () => {
    await user[Symbol.asyncDispose]();
    await sandbox[Symbol.asyncDispose]();
  });

  test.for([
    ['Ctrl-Q', CTRL_Q],
    ['exit', 'exit\r'],
  ])('%s ends the shell of open_kata_shell and restores the terminal', async ([, keys = '']) => {
    expect(await fileExists(`/proc/${pid}`)).toBe(true);
    user.type(keys);
    expect(await user.see(/ended with (\d+)\r/)).toBe('0');
    expect(await user.see(/\s(-?icanon)\s/)).toBe('icanon');
    expect(await user.see(/\s(-?echo)\s/)).toBe('echo');
    await expect.poll(() => fileExists(`/proc/${pid}`), { timeout: 10_000 }).toBe(false);
  });

  test('closing the terminal ends the shell of open_kata_shell', async () => {
    await user[Symbol.asyncDispose]();
    await expect.poll(() => fileExists(`/proc/${pid}`), { timeout: 10_000 }).toBe(false);
    await expect.poll(() => processesMentioning(sandbox.id), { timeout: 10_000 }).toEqual([]);
  });

  test('the shell of open_kata_shell has the size of the terminal, and follows its changes', async () => {
    user.type('stty size\r');
    expect(await user.see(/(\d+ \d+)\r/)).toBe('33 99');
    user.type('until [ "$(stty size)" = "50 200" ]; do :; done; echo "re""sized"\r');
    await run(['stty', '-F', tty, 'rows', '50', 'cols', '200']);
    await user.see(/resized/);
  });
});
