import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, onTestFinished, test } from 'vitest';
import { run } from '../../helpers/process/exec.ts';
import { projectPath } from '../project.ts';
import { below, parse } from './example-command-line.ts';
import { kataProgram } from './program.ts';

/** Commands that pass on options they do not know. */
const PASS_ON = ['devvm test'];

const all = below(await kataProgram()).map(([words, command]) => ({ line: words.join(' '), words, command }));
const leaves = all.filter(({ command }) => command.commands.length === 0);
const groups = all.filter(({ command }) => command.commands.length > 0);

/** Arguments and options that a command requires. */
function required(command: Command): string[] {
  const options = command.options.flatMap(({ long, mandatory }) => (mandatory && long ? [long, 'x'] : []));
  return [...command.registeredArguments.map(() => 'x'), ...options];
}

/** The commands of a group that are not a command without their last letter, as `saved` is. */
function shortened({ commands }: Command): readonly string[] {
  const names = commands.map((command) => command.name());
  return names.filter((name) => !names.includes(name.slice(0, -1)));
}

describe('pnpm kata', () => {
  test.for(all)('pnpm kata $line --help describes it and exits with 0', async ({ command, words, line }) => {
    const { code, said } = await parse([...words, '--help']);
    expect(said).toContain(`Usage: pnpm kata ${line}`);
    expect(said).toContain(command.description().slice(0, 40));
    expect(command.description()).toMatch(/^[A-Z].{10,}[^.]$/);
    expect(code).toBe(0);
  });

  test.for(all.filter(({ line }) => !PASS_ON.includes(line)))(
    'pnpm kata $line rejects an unknown option',
    async ({ command, words }) => {
      const { code, said } = await parse([...words, '--no-such-option', ...required(command)]);
      expect(said).toMatch(/^error: unknown (option|command) '(--no-such-option|x)'\n/);
      expect(said).toContain('Add --help for the usage.');
      expect(code).toBe(1);
    },
  );

  test.for(leaves.filter(({ command }) => !command.registeredArguments.some(({ variadic }) => variadic)))(
    'pnpm kata $line rejects an argument too many',
    async ({ command, words }) => {
      expect(await parse([...words, ...required(command)])).toEqual({ code: 0, said: 'accepted' });
      const { code, said } = await parse([...words, ...required(command), 'surplus']);
      expect(said).toMatch(/^error: too many arguments for /);
      expect(code).toBe(1);
    },
  );

  test.for(
    leaves.filter(({ command, line }) => command.registeredArguments.length > 0 && !/^devvm (run|test)$/.test(line)),
  )('pnpm kata $line rejects an empty argument', async ({ command, words }) => {
    const [argument] = command.registeredArguments;
    const [, ...others] = required(command);
    const { code, said } = await parse([...words, '', ...others]);
    expect(said).toContain(`error: argument '${argument?.name()}' is empty: ''\n`);
    expect(code).toBe(1);
  });

  test.for(
    leaves.map(
      ({ words }) => [[...words.slice(0, -1), 'help', ...words.slice(-1)], ['help', ...words], words] as const,
    ),
  )('pnpm kata %j and %j show the help of that command', async ([inGroup, first, words]) => {
    const expected = await parse([...words, '--help']);
    expect(await parse(inGroup)).toEqual(expected);
    expect(await parse(first)).toEqual(expected);
  });

  test.for(groups.flatMap(({ command, words }) => shortened(command).map((name) => [...words, name])))(
    'pnpm kata rejects the command `%s %s` without its last letter, and suggests the correct one',
    async (words) => {
      const [name = '', ...group] = words.toReversed();
      const { code, said } = await parse([...group.toReversed(), name.slice(0, -1)]);
      expect(said).toContain(`error: unknown command '${name.slice(0, -1)}'\n(Did you mean ${name}?)`);
      expect(code).toBe(1);
    },
  );

  test.for([
    [['benhc'], "unknown command 'benhc'\n(Did you mean bench?)"],
    [['ccv0', 'agent_pul'], "unknown command 'agent_pul'\n(Did you mean agent_pull_image?)"],
    [['ccv0', 'open_kata_shel'], "unknown command 'open_kata_shel'\n(Did you mean open_kata_shell?)"],
    [['ccv0', 'initialse'], "unknown command 'initialse'\n(Did you mean initialise?)"],
    [['ccv0', 'build_runtime'], "unknown command 'build_runtime'\n(Did you mean build_kata_runtime?)"],
    [['shards', 'merg'], "unknown command 'merg'\n(Did you mean merge?)"],
    [['constructor'], "unknown command 'constructor'\n"],
    [['soak', '--guest=20'], "unknown option '--guest=20'\n(Did you mean --guests?)"],
    [['soak', '--guests', '3'], "argument '3' is invalid. Expected a whole number from 10 to 1000000."],
    [['fuzz', '--minutes', '0'], "argument '0' is invalid. Expected a number above 0, and at most 10080."],
    [
      ['fuzz', '--minutes', 'Infinity'],
      "argument 'Infinity' is invalid. Expected a number above 0, and at most 10080.",
    ],
    [['soak', '--guests', '1e308'], "argument '1e308' is invalid. Expected a whole number from 10 to 1000000."],
    [['soak', '--pulls', ''], "argument '' is invalid. Expected a whole number from 10 to 1000000."],
    [['help', 'benchh'], "unknown command 'benchh'\n(Did you mean bench?)"],
    [['benchh', '--help'], "unknown command 'benchh'\n(Did you mean bench?)"],
    [['devvm', 'help', 'upp'], "unknown command 'upp'\n(Did you mean up?)"],
    [['help', 'devvm', 'upp'], "unknown command 'upp'\n(Did you mean up?)"],
    [['devvm', 'upp', '--help'], "unknown command 'upp'\n(Did you mean up?)"],
    [['help', 'nosuch'], "unknown command 'nosuch'\n"],
    [['help', 'bench', 'extra'], "unknown command 'extra'\n"],
    [['shards', 'merge', '--into', ''], "option '--into <directory>' is empty: ''"],
    [['ccv0', 'build', '--only', ''], "option '--only <steps>' is empty: ''"],
    [['ccv0', '--only', 'kernel,', 'build'], "option '--only <steps>' is empty: ''"],
    [['ccv0', 'build', '--from', ' '], "option '--from <step>' is empty: ' '"],
    [['endpoint', 'add', 'GetEvents', '--from', ''], "option '--from <checkout>' is empty: ''"],
    [['fuzz', '--minutes'], "option '--minutes <number>' argument missing"],
    [['bisect', 'x.spec.ts', '--good', '1.0'], "required option '--bad <revision>' not specified"],
    [
      ['bisect', 'x.spec.ts', '--good', '1.0', '--bad', '2.0', '-t', '('],
      "option '-t, --testNamePattern <pattern>' argument '(' is invalid. Invalid regular expression",
    ],
    [['protos', 'diff'], "required option '--from <checkout>' not specified"],
    [['devvm', 'run'], "missing required argument 'command'"],
  ] as const)('pnpm kata rejects %j', async ([words, message]) => {
    const { code, said } = await parse(words);
    expect(said).toMatch(/^error: /);
    expect(said).toContain(message);
    expect(code).toBe(1);
  });

  test.for([
    ['soak', '--guests', '20'],
    ['--', 'soak', '--guests', '20'],
    ['soak', '--', '--guests', '20'],
    ['devvm', 'run', '--', 'ls', '-la'],
    ['devvm', 'run', 'ls', '-la'],
    ['devvm', 'run', 'test', '-n', ''],
    ['devvm', 'test', '-t', 'clone', '--help-me'],
    ['ccv0', '-d', 'build_kata_runtime', '--only', 'packages'],
    ['ccv0', 'build_kata_runtime', '-d', '--force'],
    ['ccv0', '--', 'undo'],
  ])('pnpm kata accepts %j', async (words) => {
    expect(await parse(words)).toEqual({ code: 0, said: 'accepted' });
  });

  test('pnpm kata with a group and no command shows the help of the group and exits with 0', async () => {
    for (const { line, words } of groups.filter(({ line: name }) => name !== 'shards')) {
      expect(await parse(words), line).toEqual({ code: 0, said: expect.stringContaining(`Usage: pnpm kata ${line}`) });
    }
    expect(await parse([])).toEqual({ code: 0, said: expect.stringContaining('Usage: pnpm kata') });
  });

  test.for([
    [['devvm', 'test', ''], 1, 'pnpm devvm test: an argument is empty (an unset variable in quotes?) and would'],
    [['bench', 'boott'], 1, 'no bench boott; did you mean boot?'],
    [['mutants', 'wrong-textt'], 1, 'unknown mutant wrong-textt; did you mean wrong-text?'],
    [
      ['ccv0', 'configure', '--force'],
      1,
      'configure builds nothing; --only, --from and --force are for commands that build',
    ],
    [['ccv0', 'help'], 0, 'agent_pull_image'],
    [['help', 'soak'], 0, '--guests <number>'],
    [['help', 'help'], 0, 'Usage: pnpm kata '],
  ] as const)('pnpm kata %j exits with %i', async ([words, code, said]) => {
    const command = [process.execPath, projectPath('setup/commands/kata.ts'), ...words];
    const { stdout, stderr, exitCode } = await run(command, { cwd: projectPath('.'), okCodes: [0, 1] });
    expect(stdout + stderr).toContain(said);
    expect(exitCode).toBe(code);
  });

  test.for(['kata.ts --help', 'kata.ts provenance', 'pnpm.ts doctor', 'pnpm.ts devvm saved'])(
    'setup/commands/%s exits with 1, and one line on stderr, if its output cannot be written',
    async (line) => {
      const directory = await mkdtemp(join(tmpdir(), 'kata-cc-commands-'));
      onTestFinished(() => rm(directory, { recursive: true, force: true }));
      const script = `exec "${process.execPath}" setup/commands/${line} > /dev/full`;
      const ended = await run(['sh', '-c', script], {
        cwd: projectPath('.'),
        env: { KATA_TARGET: 'local', KATA_REPORTS_DIR: directory },
        okCodes: [0, 1],
      });
      expect(ended.stderr).toMatch(/^cannot write the output: ENOSPC.*\n$/);
      expect(ended.exitCode).toBe(1);
    },
  );

  test('pnpm kata --help exits with 0 if the reader closes the pipe', async () => {
    const script = `{ "${process.execPath}" setup/commands/kata.ts --help; echo "exit code $?" >&2; } | true`;
    const { stderr } = await run(['sh', '-c', script], { cwd: projectPath('.') });
    expect(stderr).toBe('exit code 0\n');
  });

  test.for(['kata', 'plan', 'teardown', 'ccv0', 'devvm'])(
    'the help of `pnpm %s` names the command as it was called',
    async (script) => {
      const text = await readFile(projectPath('package.json'), 'utf8');
      const { scripts } = JSON.parse(text) as { readonly scripts: Readonly<Record<string, string>> };
      const [, ...words] = (scripts[script] ?? '').split(' ');
      const { stdout } = await run([process.execPath, ...words, '--help'], { cwd: projectPath('.') });
      expect(stdout).toMatch(new RegExp(`^Usage: pnpm ${script} `));
    },
  );
});
