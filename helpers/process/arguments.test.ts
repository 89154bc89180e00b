import { expect, test } from 'vitest';
import { readArguments } from './arguments.ts';
import { run } from './exec.ts';

const read = (...args: readonly string[]) =>
  readArguments({ args, options: { force: { type: 'boolean', short: 'f' }, only: { type: 'string' } } }).values;

test('readArguments returns the values of declared options', () => {
  expect(read('-f', '--only', 'x')).toEqual({ force: true, only: 'x' });
});

test.for([
  ['--forse', 'no option --forse; did you mean --force?'],
  ['--onyl=x', 'no option --onyl; did you mean --only?'],
  ['-z', 'no option -z; there are --force, -f, --only'],
  ['--unrelated', 'no option --unrelated; there are --force, -f, --only'],
  ['word', "Unexpected argument 'word'. This command does not take positional arguments"],
  ['--only', "Option '--only <value>' argument missing"],
])('readArguments rejects the command line %j with "%s"', ([word = '', message = '']) => {
  expect(() => read(word)).toThrow(message);
});

test('the error for an unknown option of a command without options says that there are none', () => {
  expect(() => readArguments({ args: ['--fast'], options: {} })).toThrow('no option --fast; there are none');
});

test.for([
  ['protos/cli.ts', 'endpoint', 'pnpm endpoint add <Method> --from'],
  ['reports/shards.ts', '', 'pnpm shards'],
  ['setup/commands/cli.ts', 'plan', 'This command has no options.'],
  ['setup/commands/soak/soak.ts', '', 'Options: --guests'],
] as const)('the command `%s %s --help` prints the usage and exits with 0', async ([program, command, usage]) => {
  const words = command === '' ? [] : [command];
  const { stdout } = await run([process.execPath, program, ...words, '--help'], {
    cwd: `${import.meta.dirname}/../..`,
  });
  expect(stdout).toContain(usage);
});
