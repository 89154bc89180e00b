import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { describeWhere } from '../contract/run-where.ts';
import { run } from '../process/exec.ts';
import { runBuild } from './run-build.ts';
import { whyNoSandbox } from './sandbox.example.ts';
import { sandboxCommand } from './sandbox.ts';
import { systemCallFilter } from './system-calls.ts';

/** Perl that makes a system call, by its number on x86_64 and on aarch64, and says why it failed. */
function systemCall(x64: number, arm64: number, args: string): string {
  const number = process.arch === 'arm64' ? arm64 : x64;
  // Arguments have to be variables.
  return `my @args = (${args}); exit 0 if syscall(${number}, @args) >= 0; die "call failed: $!\\n"`;
}

const KEYRING = 'a kernel keyring of the session';

/** What no namespace separates from the machine. Constants: linux/keyctl.h, sys/socket.h. */
const CALLS: readonly (readonly [what: string, perl: string])[] = [
  ['open a vsock socket, to virtual machines or to the host', systemCall(41, 198, '40, 1, 0')],
  [`read ${KEYRING}`, systemCall(250, 219, '11, -3, 0, 0')],
  [`add to ${KEYRING}`, systemCall(248, 217, '"user", "kata-cc-attack", "x", 1, -1')],
  [`search ${KEYRING}`, systemCall(249, 218, '"user", "kata-cc-attack", 0, 0')],
  ['set up an io_uring, which makes sockets without system calls', systemCall(425, 425, '0, 0')],
];

describeWhere((await whyNoSandbox()) ?? true)('a command of an isolated build', () => {
  test.for(CALLS)('cannot %s', async ([, perl]) => {
    const command = ['perl', '-e', perl];
    await expect(runBuild(command, { sandbox: {} })).rejects.toThrow(/call failed: Permission denied(.|\n)*isolated/);
    const plain = runBuild(command, { sandbox: undefined, okCodes: [...Array(256).keys()] });
    expect((await plain).stderr).not.toContain('Permission denied');
  });

  test('can make sockets of other families', async () => {
    const perl =
      'use Socket; for (AF_UNIX, AF_INET) { socket(my $s, $_, SOCK_STREAM, 0) or die "$_: $!" } print "made"';
    expect((await runBuild(['perl', '-e', perl], { sandbox: {} })).stdout).toBe('made');
  });

  test('has only the variables that it is given, and those of every shell', async () => {
    const { stdout } = await runBuild(['env'], { sandbox: {}, env: { GIVEN: 'yes' } });
    const names = stdout
      .trim()
      .split('\n')
      .map((line) => line.split('=', 1)[0]);
    const shell = ['PWD', 'SHLVL', '_', 'KATA_CC_RUN'];
    expect(names.filter((name) => !shell.includes(name ?? '')).sort()).toEqual(['GIVEN', 'HOME', 'LANG', 'PATH']);
  });

  test('has none of the files that this process has inherited open', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'kata-cc-inherited-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const listing = ['bash', '-c', 'ls -l /proc/self/fd'];
    // As a shell that holds a lock.
    const inheriting = ['bash', '-c', 'exec 20> "$0"; exec "$@"', join(directory, 'lock')];
    const listed = async (command: readonly string[]): Promise<string> =>
      (await run([...inheriting, ...command], { thirdInput: systemCallFilter() })).stdout;
    expect(await listed(listing)).toContain(directory);
    expect(await listed(sandboxCommand({}, listing, '/'))).not.toMatch(/ (?!0|1|2|3 -> \/proc)\d+ -> /);
  });
});

test('a processor whose system calls are unknown is an error, not a build without the filter', () => {
  expect(() => systemCallFilter('s390x')).toThrow('builds can be isolated on x64 and arm64, not on s390x');
});
