import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { initScript } from '../namespace/script.ts';
import { bridge } from '../vsock/socat.ts';
import { spawnDaemon } from './daemon.ts';
import { commandLine, run, showCommands } from './exec.ts';

const SECRET = 'KATA_CC_TEST_SECRET';
const PASSED_ON = ['HOME', 'LANG', 'PATH'];

describe('environment of child processes', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kata-cc-exec-'));
    vi.stubEnv(SECRET, 'do not tell');
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(directory, { recursive: true, force: true });
  });

  /** Names of the environment variables that the program `env` has printed. */
  const names = (printed: string): string[] =>
    printed
      .split('\n')
      .flatMap((line) => /^([A-Za-z_]\w*)=/.exec(line)?.[1] ?? [])
      .sort();

  test('control: a child process with the full environment sees the secret', () => {
    expect(execFileSync('env', { encoding: 'utf8' })).toContain(SECRET);
  });

  test('a command of run() gets only the minimal environment and its own variables', async () => {
    const { stdout } = await run(['env'], { env: { EXTRA: 'x' } });
    expect(names(stdout)).toEqual(['EXTRA', ...PASSED_ON]);
  });

  test('a daemon of spawnDaemon() gets only the minimal environment', async () => {
    const logFile = join(directory, 'log');
    await using daemon = await spawnDaemon(['env'], { logFile });
    await daemon.exited;
    expect(names(await readFile(logFile, 'utf8'))).toEqual(PASSED_ON);
  });

  test('socat of bridge() does not get the full environment', async () => {
    const stream = await bridge(['socat', '-', 'SYSTEM:env']);
    let printed = '';
    for await (const chunk of stream) printed += String(chunk);
    expect(printed).toContain('PATH=');
    expect(printed).not.toContain(SECRET);
  });
});

test("showCommands prints a command's line and its output under its name, without changing its result", async () => {
  const lines: string[] = [];
  showCommands((line) => lines.push(line));
  try {
    const told: string[] = [];
    const command = ['setpriv', '--pdeathsig', 'KILL', '--', '/bin/sh', '-c', "printf 'a\\nb'; echo c >&2"];
    const finished = await run(command, { onLine: (line) => told.push(line) });
    expect(finished).toMatchObject({ stdout: 'a\nb', stderr: 'c\n' });
    expect(told).toEqual(['a', 'b']);
    expect(lines[0]).toBe(`sh$ ${commandLine(command)}`);
    await vi.waitFor(() => expect(lines.slice(1).sort()).toEqual(['sh| a', 'sh| b', 'sh| c']));
    await expect(run(['/bin/sh', '-c', 'echo why; exit 3'])).rejects.toThrow('/bin/sh exited with 3');
    await vi.waitFor(() => expect(lines).toContain('sh| why'));
  } finally {
    showCommands(undefined);
  }
});

describe('a command that leaves a process with its output open', () => {
  const leaves = (code: number): string[] => ['/bin/sh', '-c', `echo said; sleep 10 & exit ${code}`];

  test.for([0, 3])(
    'a command whose child keeps its output open fails at its timeout, although it exited with %i',
    async (code) => {
      await expect(run(leaves(code), { timeoutMs: 100 })).rejects.toThrow(
        `/bin/sh exited with ${code}, but a process that it started keeps its output open: `,
      );
    },
  );

  test('a command whose child keeps its output open ends when its signal aborts', async () => {
    await expect(run(leaves(0), { signal: AbortSignal.timeout(100) })).rejects.toThrow('keeps its output open');
  });
});

describe('an existing program that cannot be started', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kata-cc-exec-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  test.for<[what: string, text: string, why: string]>([
    ['a missing interpreter', '#! /no/such/sh -e\n', 'its interpreter /no/such/sh cannot be run'],
    ['a first line that ends in CR LF', '#!/bin/sh\r\nexit 0\r\n', 'its first line ends in CR LF'],
  ])('run() names the cause if a program cannot be started because of %s', async ([, text, why]) => {
    const path = join(directory, 'agent');
    await writeFile(path, text, { mode: 0o755 });
    await expect(run([path])).rejects.toThrow(`${path} could not be started (${why}`);
  });

  test('run() names the cause if the dynamic loader of a program is missing', async () => {
    const path = join(directory, 'agent');
    const program = await readFile('/bin/true', 'latin1');
    await writeFile(path, program.replace('/lib64/ld-linux-', '/lib64/no-linux-'), { encoding: 'latin1', mode: 0o755 });
    await expect(run([path])).rejects.toThrow('the dynamic loader that it names is not on this machine');
  });

  test('run() reports ENOENT for a program that does not exist', async () => {
    const path = join(directory, 'agent');
    await expect(run([path])).rejects.toThrow(`${path} could not be started (spawn ${path} ENOENT)`);
  });
});

test.for<[command: readonly string[], name: string]>([
  [['/usr/bin/true'], 'true'],
  [['setpriv', '--pdeathsig', 'KILL', '--', 'true'], 'true'],
  [['nsenter', '--target=1', '--mount', '--', 'setpriv', '--pdeathsig', 'KILL', '--', '/bin/true'], 'true'],
  [['sh', '-c', 'exec "$@" 2>&1', 'sh', 'true', 'x'], 'true'],
  [['sh', '-c', 'true'], 'sh'],
  [['env', '--', 'true'], 'env'],
])('showCommands prints the output of %j under the name %s', async ([command, name]) => {
  const lines: string[] = [];
  showCommands((line) => lines.push(line));
  try {
    await run(command, { okCodes: [0, 1] });
    expect(lines[0]).toBe(`${name}$ ${commandLine(command)}`);
  } finally {
    showCommands(undefined);
  }
});

describe('quoting of names', () => {
  const NASTY = [
    "'; touch /tmp/kata-cc-owned; '",
    '$(touch x)',
    '`touch x`',
    '-rf',
    'a b',
    'a\nb',
    '"',
    "'",
    '\\',
    '*',
    '~',
    '!!',
    '&& x',
    '|x',
    '',
  ];

  test('commandLine quotes any argument as exactly one word of a shell', () => {
    const words = [...NASTY, ...fc.sample(fc.string({ unit: 'binary', maxLength: 20 }), 500)]
      // Words with NUL or invalid UTF-16 are left out: arguments of a command cannot contain them.
      .filter((word) => !word.includes('\0') && Buffer.from(word).toString() === word);
    const printed = execFileSync('sh', ['-c', `printf '%s\\0' ${commandLine(words)}`]).toString();
    expect(printed.split('\0').slice(0, -1)).toEqual(words);
  });

  test('initScript quotes all paths and names, so that they never run as shell code', () => {
    const evil = "'; touch /tmp/kata-cc-owned; '";
    const script = initScript({
      dir: `/run/${evil}`,
      hostname: evil,
      kernelParameters: evil,
      share: [`/s/${evil}`],
      binds: [{ source: `/b/${evil}`, target: `/t/${evil}`, readonly: true }],
      tmpfs: [`/m/${evil}`],
      forwards: [{ port: 1, socket: `/f/${evil}` }],
      exposed: [{ socket: `/e/${evil}`, abstract: evil }],
    });
    expect(withoutQuoted(script)).not.toContain('kata-cc-owned');
  });
});

/** A shell script without its quoted parts. */
function withoutQuoted(script: string): string {
  return script.replaceAll(/\\.|'[^']*'|"(?:[^"\\]|\\.)*"/gs, '');
}
