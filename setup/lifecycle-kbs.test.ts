import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Condition, describeWhere } from '../helpers/contract/run-where.ts';
import { namesIn } from '../helpers/files.ts';
import { poll } from '../helpers/poll.ts';
import { readIfRunning } from '../helpers/process/environment.ts';
import { processesMentioning, processesWith } from '../helpers/process/process.ts';
import { RUN_LABEL } from '../helpers/process/run-label.ts';
import { parseProcessStat } from '../helpers/process/stat.ts';
import { KATA, Run, VITEST } from './commands/child-run.ts';
import { givenVariables, loadConfig } from './config/config.ts';
import { RUN_ROOT } from './config/paths.ts';
import { everythingIn } from './everything-in.example.ts';
import { secretsFound, secretsInFile } from './secret-search.example.ts';
import { findLeaks } from './session/leaks.ts';

/* Runs with a KBS, which need an agent of main and all its components: the settings of this process say which. */

/** What the suites of attestation need, as far as settings say it. */
function whyNoKbs(): string | undefined {
  if (!existsSync('/usr/bin/qemu-system-x86_64')) return '/usr/bin/qemu-system-x86_64 is not installed';
  const { cdh, guestComponents, kbs } = loadConfig();
  const settings = { KATA_CDH: cdh, KATA_GUEST_COMPONENTS: guestComponents, KATA_KBS: kbs };
  const unset = Object.entries(settings).find(([, value]) => value === undefined)?.[0];
  return unset === undefined ? undefined : `${unset} is not set`;
}

const WITH_KBS: Condition = (process.getuid?.() === 0 ? whyNoKbs() : 'needs root') ?? true;

/** Timeout of a run; under emulation a guest boots in half a minute. */
const RUN_MS = 1_800_000;
const START_MS = 600_000;

/** Specs with resources of a KBS: registry credentials, keys of images, sealed secrets and files; tokens; sealed secrets of a guest's own. */
const SPECS = ['attestation/kbs-resources', 'attestation/token', 'attestation/kbs-signatures', 'guest/sealed-secrets'];

describeWhere(WITH_KBS)('a run with a KBS', () => {
  let reports: string;
  let before: readonly string[];
  beforeAll(async () => {
    reports = await mkdtemp(join(tmpdir(), 'kata-cc-lifecycle-reports-'));
    before = await namesIn(RUN_ROOT);
  });
  afterAll(() => rm(reports, { recursive: true, force: true }));

  const suites = (...files: string[]): Run => {
    const evidence = { KATA_REPORTS_DIR: reports, KATA_HISTORY_DIR: reports, KATA_EVIDENCE: 'always' };
    const paths = files.map((file) => `suites/${file}.spec.ts`);
    return new Run([...VITEST, ...paths], { ...givenVariables(), KATA_TARGET: 'vm', ...evidence });
  };

  /** The directory of a KBS, and the run that started it. */
  interface KbsDirectory {
    readonly runId: string;
    readonly path: string;
    /** Pids of the processes of that run. */
    readonly processes: readonly number[];
  }

  /** Directories of the KBSs of a run. */
  async function kbsDirectories({ child }: Run): Promise<readonly KbsDirectory[]> {
    const runs = (await namesIn(RUN_ROOT)).filter((name) => !before.includes(name));
    const found = runs.map(async (runId) => {
      const processes = await processesWith(RUN_LABEL, runId);
      const own = await Promise.all(processes.map((pid) => descendsFrom(child.pid, pid)));
      if (!own.includes(true)) return [];
      const names = (await namesIn(join(RUN_ROOT, runId))).filter((name) => /^kbs-/.test(name));
      return names.map((name) => ({ runId, path: join(RUN_ROOT, runId, name), processes }));
    });
    return (await Promise.all(found)).flat();
  }

  test('teardown removes process, keys and storage of the KBS of a run that was killed', {
    timeout: RUN_MS,
  }, async () => {
    const run = suites('attestation/resources');
    const withKbs = async (): Promise<KbsDirectory | undefined> => {
      for (const directory of await kbsDirectories(run)) {
        const [running] = await processesMentioning(join(directory.path, 'kbs.json'));
        if (running !== undefined && existsSync(join(directory.path, 'storage/repository'))) return directory;
      }
      return undefined;
    };
    const { path, runId } = await poll('a KBS with a resource', withKbs, { timeoutMs: START_MS });
    run.child.kill('SIGKILL');
    await run.ended;
    expect(existsSync(join(path, 'signer/server.key')), 'the killed run leaves the keys of its KBS').toBe(true);
    const teardown = new Run([...KATA, 'teardown'], {});
    expect(await teardown.ended).toEqual({ code: 0, signal: null });
    expect(await processesWith(RUN_LABEL, runId)).toEqual([]);
    expect((await findLeaks()).filter((leak) => leak.includes(runId))).toEqual([]);
    expect(existsSync(join(RUN_ROOT, runId))).toBe(false);
  });

  test('reports and arguments of processes contain no secret, sealed or not, no key and no token', {
    timeout: RUN_MS,
  }, async () => {
    const run = suites(...SPECS);
    const secrets = new Set<string>();
    const commands = new Set<string>();
    const end = run.ended.then(({ signal }) => ({ signal }));
    for (;;) {
      for (const { path, processes } of await kbsDirectories(run)) {
        for (const secret of await secretsOfKbs(path)) secrets.add(secret);
        for (const pid of processes) {
          commands.add((await readIfRunning(`/proc/${pid}/cmdline`)) ?? '');
        }
      }
      const ended = await Promise.race([end, delay(100)]);
      if (ended !== undefined) {
        // Whether the specs passed is their own claim; the controls below show that they ran.
        expect(ended).toEqual({ signal: null });
        break;
      }
    }
    const written = [...(await everythingIn(reports)), ['output', run.output + run.errors] as const];
    // Controls: secrets and processes were seen, and the searched reports have the KBS's log and masked secrets.
    expect(secrets.size).toBeGreaterThan(10);
    expect([...commands].some((command) => command.includes('kbs.json'))).toBe(true);
    expect(written.some(([, text]) => text.includes('POST /kbs/v0/attest'))).toBe(true);
    expect(written.some(([, text]) => text.includes('sealed.******'))).toBe(true);
    const found = [...written, ...[...commands].map((command) => ['arguments', command] as const)].flatMap(
      ([where, text]) => secretsFound(text, secrets).map((what) => `${what} in ${where}`),
    );
    expect(found).toEqual([]);
  });
});

/** Whether a process is one that another started, or was started by such a one. */
async function descendsFrom(ancestor: number | undefined, pid: number): Promise<boolean> {
  for (let at = pid; at > 1; ) {
    if (at === ancestor) return true;
    const stat = await readIfRunning(`/proc/${at}/stat`);
    at = stat === undefined ? 0 : parseProcessStat(stat).parent;
  }
  return false;
}

/** The secrets in the directory of a KBS: its resources and its private keys. */
async function secretsOfKbs(path: string): Promise<string[]> {
  const resources = join(path, 'storage/repository');
  const keys = ['signer', 'tls'].map((name) => join(path, name));
  const files = [
    ...(await namesIn(resources)).map((name) => join(resources, name)),
    ...(
      await Promise.all(keys.map(async (directory) => (await namesIn(directory)).map((name) => join(directory, name))))
    ).flat(),
  ];
  const contents = await Promise.all(files.map((file) => readFile(file).catch(noneIfGone)));
  return contents.flatMap(secretsInFile);
}

/** A test that ends removes its KBS while this file reads. */
function noneIfGone(error: NodeJS.ErrnoException): Buffer {
  if (error.code === 'ENOENT') return Buffer.alloc(0);
  throw error;
}
