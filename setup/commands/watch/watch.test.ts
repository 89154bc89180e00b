import { mkdtemp, readdir, readFile, rename, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { WatchedFile } from '../../../helpers/contract/run-facts.ts';
import { AS_ROOT, describeWhere } from '../../../helpers/contract/run-where.ts';
import { poll } from '../../../helpers/poll.ts';
import { variablesOf } from '../../../helpers/process/environment.ts';
import { commandLine } from '../../../helpers/process/exec.ts';
import { processesMentioning } from '../../../helpers/process/process.ts';
import { RUN_LABEL } from '../../../helpers/process/run-label.ts';
import { loadConfig } from '../../config/config.ts';
import { findCargo } from '../../config/toolchains.ts';
import { projectPath } from '../../project.ts';
import { findLeaks } from '../../session/leaks.ts';
import { openUserTerminal, type TerminalUser } from '../ccv0/example-terminal.ts';
import { KATA, Run } from '../child-run.ts';
import { edit, exampleCheckout, RPC } from './example-checkout.ts';

/** Timeout of tests that set up a target from nothing, on a machine that compiles meanwhile, in milliseconds. */
const BUSY_MS = 400_000;
const CTRL_C = '\x03';
const SPEC = 'suites/agent/stats.spec.ts';
const WAITING = /Waiting for a saved file; h shows the keys\r\n/;

const { outbound } = loadConfig();
const CARGO =
  (await findCargo(outbound)) === undefined
    ? 'cargo is not installed'
    : // The agent of the example starts this Node.js in a guest.
      !process.execPath.startsWith('/tmp/') ||
      'this project is below /tmp, and guests of target local have a /tmp of their own';

/** Cache of all tests of this file, so that each artefact is built once. */
let cache: string;
beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'kata-cc-watch-cache-'));
});
afterAll(() => rm(cache, { recursive: true, force: true }));

let directory: string;
let checkout: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-watch-'));
  checkout = join(directory, 'kata');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Settings of a watch that keeps everything below the test's directory. */
const settings = (): Record<string, string> => ({
  KATA_TARGET: 'local',
  KATA_AGENT_LIBC: 'gnu',
  KATA_BUILD_ISOLATION: 'no',
  KATA_CACHE_DIR: cache,
  KATA_REPORTS_DIR: join(directory, 'reports'),
  KATA_HISTORY_DIR: join(directory, 'history'),
  katacontainers_repo: checkout,
  katacontainers_branch: 'worktree',
});

interface Report {
  readonly startedAt: number;
  readonly outcome: string;
  readonly subjects: readonly { readonly runId: string }[];
  readonly watch: readonly WatchedFile[];
}

const reportFile = (): string => join(directory, 'reports/report.json');

async function report(): Promise<Report> {
  return JSON.parse(await readFile(reportFile(), 'utf8')) as Report;
}

/** What a run has left on this machine: files, mounts, sockets, cgroups and processes. */
async function leftBy(runId: string): Promise<readonly string[]> {
  const named = (await findLeaks()).filter((leak) => leak.includes(runId));
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const variables = await Promise.all(pids.map(async (pid) => [pid, (await variablesOf(pid, '/proc')) ?? []] as const));
  const labelled = variables
    .filter(([, all]) => all.includes(`${RUN_LABEL}=${runId}`))
    .map(([pid]) => `process ${pid}`);
  return [...named, ...labelled];
}

describeWhere(AS_ROOT)('pnpm kata watch', () => {
  describeWhere(CARGO)('on a terminal', { timeout: BUSY_MS }, () => {
    let user: TerminalUser;
    beforeEach(async () => {
      await exampleCheckout(checkout);
      user = openUserTerminal();
      const words = Object.entries({ ...settings(), NO_COLOR: '1' }).map(([name, value]) => `${name}=${value}`);
      user.type(
        `${commandLine(['cd', projectPath('.')])}; ${commandLine(['env', ...words, ...KATA, 'watch', SPEC])}; echo "ended with $?"; stty --all\n`,
      );
    }, BUSY_MS);
    afterEach(() => user[Symbol.asyncDispose]());

    test('a compile error runs nothing, a changed agent and a saved spec run what they concern, and Ctrl-C leaves nothing', async () => {
      const rpc = join(checkout, RPC);
      // The first set-up can take longer than output of a terminal is waited for.
      await user.see(WAITING, BUSY_MS);
      expect((await report()).watch).toEqual([{ file: SPEC, reasons: ['chosen, for the first run'] }]);
      const { startedAt, subjects } = await report();
      const { runId } = subjects[0] ?? { runId: '' };
      // Control: a running watch has resources.
      expect(await leftBy(runId)).not.toEqual([]);

      // A red spec.
      await edit(rpc, '"pids.current ?? 0")', '"7 + (pids.current ?? 0)")');
      await user.see(/expected 8 to be 1/);
      await user.see(/verdict [\d.]+ s after src\/agent\/src\/rpc.rs was saved/);
      await user.see(WAITING);
      expect(await report()).toMatchObject({
        outcome: 'failed',
        watch: [{ file: SPEC, reasons: ['calls StatsContainer, which src/agent/src/rpc.rs (changed) serves'] }],
      });

      expect((await report()).startedAt).toBeGreaterThan(startedAt);

      // A compile error: cargo's own text, and no run. A spec that is saved meanwhile waits.
      await edit(rpc, 'agent.pause_container();', 'agent.pause_container()');
      await user.see(/error: expected `;`, found `agent`\r\n +--> src\/rpc\.rs:\d+/);
      await user.see(/the agent does not compile: nothing runs until a file is saved/);
      await utimes(projectPath(SPEC), new Date(), new Date());
      await user.see(/the specs run when there is a new agent/);
      expect(await report()).toMatchObject({ outcome: 'failed', subjects: [{ runId }] });

      // A green spec: two quick saves, of which the last one counts.
      await edit(rpc, 'agent.pause_container()\n', 'agent.pause_container();\n');
      await edit(rpc, '"7 + (pids.current ?? 0)")', '"pids.current ?? 0")');
      await user.see(WAITING);
      const served = 'calls StatsContainer, which src/agent/src/rpc.rs (changed) serves';
      expect(await report()).toMatchObject({
        outcome: 'passed',
        watch: [{ file: SPEC, reasons: ['failed in the last run', served, 'saved'] }],
      });

      // An agent that compiles and does not start ends the run of the specs.
      await edit(rpc, '("pids.current ?? 0", "pids', '("no such text", "pids');
      await user.see(/no spec can pass with this agent/);
      await user.see(/there is no new agent: nothing runs until a file is saved/);
      await edit(rpc, '("no such text", "pids', '("pids.current ?? 0", "pids');
      await user.see(WAITING);
      expect(await report()).toMatchObject({ outcome: 'passed', watch: [{ file: SPEC }] });

      // A method that no chosen spec calls.
      await edit(rpc, 'println!("paused")', 'println!("paused again")');
      await user.see(/no spec file that has run calls what changed/);
      await user.see(WAITING);

      // A saved spec, and keys.
      await utimes(projectPath(SPEC), new Date(), new Date());
      await user.see(WAITING);
      expect((await report()).watch).toEqual([{ file: SPEC, reasons: ['saved'] }]);
      user.type('f');
      await user.see(/no spec file failed in its last run/);
      user.type('h');
      await user.see(/q +quit, as Ctrl-C does/);
      user.type('t');
      await user.see(/regular expression for names of tests \(empty: all\): /);
      user.type('removed\r');
      await user.see(WAITING);
      expect((await report()).watch).toEqual([
        { file: SPEC, reasons: ['requested by key t, tests that match removed'] },
      ]);

      // A save during a run ends the run, and the specs that it concerns run with the new agent.
      user.type('r');
      await user.see(/requested by key r/);
      await edit(rpc, '("pids.current ?? 0", "pids', '("pids.current ?? 0", "0 + pids');
      await user.see(WAITING);
      expect((await report()).watch).toEqual([{ file: SPEC, reasons: expect.arrayContaining([served]) }]);

      user.type(CTRL_C);
      expect(await user.see(/ended with (\d+)\r/)).toBe('130');
      expect(await user.see(/\s(-?icanon)\s/)).toBe('icanon');
      expect(await leftBy(runId)).toEqual([]);
      expect(await readdir(join(cache, 'journal'))).toEqual([]);
    });
  });

  describe('that cannot start', () => {
    const refused = async (
      words: readonly string[],
      changes: Record<string, string>,
      line: string | RegExp,
    ): Promise<void> => {
      const run = new Run([...KATA, ...words], { ...settings(), ...changes });
      expect(await run.ended).toMatchObject({ code: 1, signal: null });
      expect(run.errors.trim().split('\n')).toEqual([typeof line === 'string' ? line : expect.stringMatching(line)]);
    };

    test('an unknown spec file is rejected with the nearest one', async () => {
      await exampleCheckout(checkout);
      await refused(
        ['watch', 'suites/agent/statz.spec.ts'],
        {},
        'pnpm kata watch suites/agent/statz.spec.ts: no path of a spec file contains suites/agent/statz.spec.ts; expected a file below suites/, or a part of its path; did you mean suites/agent/stats.spec.ts?',
      );
    });

    test.for([
      [
        'without a checkout',
        { katacontainers_branch: '' },
        /^katacontainers_branch=\w+: pnpm kata watch builds the files of a checkout; set katacontainers_branch=worktree, and katacontainers_repo to the path of your checkout$/,
      ],
      [
        'with a repository elsewhere',
        { katacontainers_repo: 'https://kata.example/kata' },
        /^katacontainers_repo=https:\/\/kata\.example\/kata: pnpm kata watch needs a checkout on this machine; set /,
      ],
      [
        'with a checkout that does not exist',
        { katacontainers_repo: '/no/such/kata' },
        /^katacontainers_repo=\/no\/such\/kata: no such directory$/,
      ],
      [
        'with a directory that is no repository',
        { katacontainers_repo: '/' },
        /^katacontainers_repo=\/: \/ is not a git repository$/,
      ],
      [
        'with the stand-in agent',
        { KATA_AGENT: 'stand-in', KATA_AGENT_LIBC: '' },
        /^KATA_AGENT=stand-in: pnpm kata watch builds the agent; unset KATA_AGENT, and set /,
      ],
    ] as const)('a watch %s is rejected with one line that names the setting', async ([_, changes, line]) => {
      await exampleCheckout(checkout);
      await refused(['--watch', SPEC], changes, line);
    });

    test('a watch with -t and no regular expression is rejected', async () => {
      const run = new Run([...KATA, 'watch', '-t', '('], settings());
      expect(await run.ended).toMatchObject({ code: 1, signal: null });
      expect(run.errors).toMatch(
        /^error: option '-t, .* argument '\(' is invalid\. Invalid regular expression: \/\(\//,
      );
    });
  });

  describeWhere(CARGO)('without a terminal', { timeout: BUSY_MS }, () => {
    test('a checkout that does not compile at first, or is removed, is waited for; the last of two saves counts; SIGTERM during a build leaves nothing', async () => {
      await exampleCheckout(checkout);
      const rpc = join(checkout, RPC);
      await edit(rpc, 'agent.pause_container();', 'agent.pause_container()');
      const run = new Run([...KATA, 'watch', SPEC, '-t', 'no test is called this'], settings());
      await run.says(/error: expected `;`, found `agent`/);
      await run.says(/nothing runs until a file is saved/);
      expect(run.output).toContain('standard input is not a terminal: no keys; Ctrl-C or SIGTERM ends');
      await edit(rpc, 'agent.pause_container()\n', 'agent.pause_container();\n');
      await run.says(/RED {6}nothing ran: no test matches .*-t "no test is called this"/);
      await run.says(/Waiting for a saved file/);
      const { runId } = (await report()).subjects[0] ?? { runId: '' };
      await rename(checkout, `${checkout}-away`);
      await run.says(/^katacontainers_repo=\S+: no such directory; waiting until it is there again$/m);
      await rename(`${checkout}-away`, checkout);
      await run.says(/^\S+ is there again$/m);
      await run.says(/the agent is built from these files already/);
      // A save during a build: the last state counts.
      const makefile = join(checkout, 'src/agent/Makefile');
      await edit(makefile, '@true', '@sleep 600');
      await poll('the build', async () => (await processesMentioning('sleep 600'))[0], { timeoutMs: 60_000 });
      await edit(makefile, '@sleep 600', '@true');
      await run.says(/(?:the agent is built from these files already[\s\S]*){2}/);
      // The end during a build.
      await edit(makefile, '@true', '@sleep 601');
      await poll('the build', async () => (await processesMentioning('sleep 601'))[0], { timeoutMs: 60_000 });
      run.child.kill('SIGTERM');
      expect(await run.ended).toEqual({ code: 143, signal: null });
      expect(await leftBy(runId)).toEqual([]);
    });
  });
});
