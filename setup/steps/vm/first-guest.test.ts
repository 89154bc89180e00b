import { chmod, constants, copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { AS_ROOT, describeWhere } from '../../../helpers/contract/run-where.ts';
import { journalDir, loadConfig } from '../../config/config.ts';
import type { Config } from '../../config/validated.ts';
import { findRuns } from '../../engine/journal.ts';
import { projectPath } from '../../project.ts';
import { openSession } from '../../session/open-session.ts';

const TIMEOUT_MS = 120_000;
const VERSION = 'kata-agent version 2.3.0 (api version: 0.0.1, commit version: 2.3.0, type: rust)';
const NO_PROGRAM = 'KATA_AGENT=stand-in runs the suites without Kata';

/**
 * Script of an agent that answers the first call on its abstract socket (kernel parameter agent.server_addr) with an
 * empty message, and ends at the next call.
 */
const ANSWERS_ONCE = `
if (process.argv[2] === '--version') { console.log(${JSON.stringify(VERSION)}); process.exit(); }
const [, name] = /agent.server_addr=unix:\\/\\/@(\\S+)/.exec(require('node:fs').readFileSync('/proc/cmdline', 'utf8'));
let answered = false;
require('node:net').createServer((stream) => {
  stream.on('error', () => {});
  stream.on('data', (frame) => {
    if (answered) { console.log('agent: one answer is enough'); process.exit(3); }
    answered = true;
    const answer = Buffer.from(frame.subarray(0, 10));
    answer.writeUInt32BE(0, 0);
    answer[8] = 2;
    stream.write(answer);
  });
}).listen({ path: '\\0' + name });
`;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-first-guest-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** An agent program that prints a kata-agent version for `--version`, and otherwise runs the script. */
async function agentThat(script: string): Promise<string> {
  const path = join(directory, 'kata-agent');
  await writeFile(path, `#!/bin/sh\n[ "$1" != --version ] || { echo '${VERSION}'; exit 0; }\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

/** The error with which set-up fails on target local; also checks that the failed run leaves no journal. */
async function failure(changes: Partial<Config>): Promise<string> {
  const made = openSession({ changes: { target: 'local', ...changes }, signal: new AbortController().signal });
  const error = await made.then(
    async (target) => {
      await target[Symbol.asyncDispose]();
      throw new Error('set-up did not fail');
    },
    (reason: unknown) => reason,
  );
  const mine = (await findRuns(journalDir(loadConfig()))).filter(({ pid }) => pid === process.pid);
  expect(mine).toEqual([]);
  return error instanceof Error ? error.message : String(error);
}

describeWhere(AS_ROOT)('set-up on target local', { timeout: TIMEOUT_MS }, () => {
  test('set-up with an agent that exits with 1 fails with its output and says what to set', async () => {
    const agent = await agentThat('echo "agent: no such luck"; exit 1');
    expect(await failure({ agent })).toBe(
      [
        "set-up failed: first guest: the agent ended before it answered; the guest's console ends with:",
        'agent: no such luck',
        `no spec can pass with this agent: set KATA_AGENT (now ${agent}) to one that starts here; ${NO_PROGRAM}`,
      ].join('\n'),
    );
  });

  test("set-up with an agent that ends with Nix's EOPNOTSUPP explains the error of agents before Kata 3.15", async () => {
    const agent = await agentThat(
      'echo "Error: Nix error: EOPNOTSUPP: Operation not supported on transport endpoint"; exit 1',
    );
    expect(await failure({ agent })).toMatch(
      /^set-up failed: first guest: .*\nError: Nix error: EOPNOTSUPP: .*\nagents of Kata 3\.0 to 3\.14 .*needs an older kernel/,
    );
  });

  test('set-up with an agent that answers Check and no other call fails with what the guest printed', async () => {
    const agent = join(directory, 'kata-agent');
    // The directory is below /var/tmp because the guest has a /tmp of its own, and its path has no blank, because an
    // interpreter's path in a script cannot have one.
    const visible = await mkdtemp('/var/tmp/kata-cc-');
    onTestFinished(() => rm(visible, { recursive: true }));
    const node = join(visible, 'node');
    await copyFile(process.execPath, node, constants.COPYFILE_FICLONE);
    await writeFile(agent, `#!${node}\n${ANSWERS_ONCE}`, { mode: 0o755 });
    expect(await failure({ agent })).toMatch(
      /^set-up failed: first guest: \[unavailable\] grpc\.Health\/Version: .*; the guest's console ends with:\nagent: one answer is enough\nno spec can pass/,
    );
  });

  test('set-up with a KATA_AGENT whose --version exits with 1 fails with its output', async () => {
    const agent = join(directory, 'broken');
    await writeFile(agent, '#!/bin/sh\necho "broken: prints this"\nexit 1\n', { mode: 0o755 });
    expect(await failure({ agent })).toMatch(
      /^set-up failed: kata-agent: KATA_AGENT=\S+: --version failed: \S+ exited with 1: .*--version\nbroken: prints this$/,
    );
  });

  test('set-up with a KATA_AGENT for another architecture fails and names both architectures', async () => {
    const agent = join(directory, 'foreign');
    const header = Buffer.alloc(64);
    header.write('\x7fELF\x02\x01\x01', 'latin1');
    header.writeUInt16LE(183, 18);
    await writeFile(agent, header, { mode: 0o755 });
    expect(await failure({ agent })).toBe(
      `set-up failed: kata-agent: KATA_AGENT=${agent}: it is a program for arm64, and this machine is ${process.arch}`,
    );
  });

  test("set-up with main's KATA_PROTOS and an agent of another generation fails before a guest and names both", async () => {
    const protos = projectPath('protos/main');
    const said = await failure({ agent: 'stand-in', protos });
    expect(said).toContain(
      `set-up failed: agent protos: KATA_PROTOS=${protos}: these protos are of generation guest-pull`,
    );
    expect(said).toContain('but the stand-in agent is of generation skopeo');
    expect(said).toContain('unset KATA_PROTOS');
  });

  test('set-up returns the target after its first guest has answered, and leaves nothing of that guest', async () => {
    const protos = projectPath('protos/skopeo');
    await using session = await openSession({
      changes: { target: 'local', agent: 'stand-in', protos },
      signal: new AbortController().signal,
    });
    expect(session.target).toMatchObject({ name: 'local', protos, agent: { kind: 'stand-in', generation: 'skopeo' } });
    expect(await readdir(session.target.runDir)).not.toContain('first-guest');
  });
});
