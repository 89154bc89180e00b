import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AS_ROOT, describeWhere, testWhere } from '../helpers/contract/run-where.ts';
import { poll } from '../helpers/poll.ts';
import { processesMentioning } from '../helpers/process/process.ts';
import { KATA, Run, VITEST } from './commands/child-run.ts';
import { loadConfig } from './config/config.ts';
import { RUN_ROOT } from './config/paths.ts';
import { everythingIn } from './everything-in.example.ts';
import { findLeaks } from './session/leaks.ts';

const LONG_MS = 120_000;
/** Whether QEMU is installed: tests with virtual machines are skipped without it; `pnpm test` installs it. */
const QEMU = existsSync('/usr/bin/qemu-system-x86_64') || '/usr/bin/qemu-system-x86_64 is not installed';
/** Timeout of tests with virtual machines; it includes set-up of target vm with an empty cache. */
const VM_MS = 300_000;

/** A spec file that runs long enough to be interrupted. */
const SLICE = 'suites/image/pull.spec.ts';

/** Directory for reports and history of these runs, so that the user's are not overwritten. */
let reports: string;
beforeAll(async () => {
  reports = await mkdtemp(join(tmpdir(), 'kata-cc-lifecycle-reports-'));
});
afterAll(() => rm(reports, { recursive: true, force: true }));

const suites = (environment: Readonly<Record<string, string>> = {}, ...filter: string[]): Run =>
  new Run([...VITEST, ...(filter.length > 0 ? filter : [SLICE])], {
    KATA_REPORTS_DIR: reports,
    KATA_HISTORY_DIR: reports,
    ...environment,
  });

/** Whether the report of the last run states that the run was full. */
async function reportIsFull(): Promise<boolean> {
  return (JSON.parse(await readFile(join(reports, 'report.json'), 'utf8')) as { full: boolean }).full;
}

async function guestIsUp(): Promise<void> {
  const up = async (): Promise<true | undefined> =>
    (await findLeaks()).some((leak) => /^cgroup .*\/kata-cc\//.test(leak)) && (await guests()) > 0 ? true : undefined;
  await poll('a guest', up, { timeoutMs: LONG_MS });
}

/**
 * Number of agents that run in guests. They are not counted by what findLeaks shows of a command line, which a long
 * path to Node.js fills.
 */
async function guests(): Promise<number> {
  const mentioning = await processesMentioning('/stand-in-agent.mjs');
  return mentioning.filter(({ words: [program = '', script = ''] }) => {
    return basename(program) === 'node' && script.endsWith('/stand-in-agent.mjs');
  }).length;
}

describeWhere(AS_ROOT)('leaks of a run', () => {
  let before: string[];
  beforeAll(async () => {
    before = await findLeaks();
  });

  test('a completed run leaves no resources on the machine', { timeout: LONG_MS }, async () => {
    const run = suites({}, 'suites/agent/debug-console.spec.ts');
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.output).toContain('target local: the stand-in agent answered, not Kata');
    expect(await reportIsFull(), 'one file was selected').toBe(false);
    expect(await findLeaks()).toEqual(before);
  });

  test('a run interrupted during set-up leaves no resources on the machine and no incomplete artefacts', {
    timeout: LONG_MS,
  }, async () => {
    const cache = await mkdtemp(join(tmpdir(), 'kata-cc-lifecycle-'));
    try {
      const run = suites({ KATA_CACHE_DIR: cache });
      await run.says(/registry contents: pushing/);
      run.signalGroup('SIGINT');
      expect(await run.ended).toEqual({ code: 130, signal: null });
      expect(run.errors.trim()).toBe('interrupted by SIGINT');
      expect(await findLeaks()).toEqual(before);
      const again = suites({ KATA_CACHE_DIR: cache }, 'suites/agent/debug-console.spec.ts');
      expect(await again.ended).toEqual({ code: 0, signal: null });
    } finally {
      await rm(cache, { recursive: true, force: true });
    }
  });

  test('a run interrupted during a spec leaves no resources on the machine', { timeout: LONG_MS }, async () => {
    const run = suites();
    await guestIsUp();
    run.signalGroup('SIGINT');
    expect(await run.ended).toEqual({ code: 130, signal: null });
    expect(await findLeaks()).toEqual(before);
  });

  test('a run ended by SIGTERM to its main process leaves no resources on the machine', {
    timeout: LONG_MS,
  }, async () => {
    const run = suites();
    await guestIsUp();
    run.child.kill('SIGTERM');
    expect(await run.ended).toEqual({ code: 143, signal: null });
    expect(await findLeaks()).toEqual(before);
  });

  test('teardown removes all resources of a run killed during a spec', { timeout: LONG_MS }, async () => {
    const run = suites();
    await guestIsUp();
    run.child.kill('SIGKILL');
    await run.ended;
    const teardown = new Run([...KATA, 'teardown'], {});
    expect(await teardown.ended).toEqual({ code: 0, signal: null });
    expect(teardown.output).toMatch(/^undone: run \w+$/m);
    expect(await findLeaks()).toEqual(before);
    const again = new Run([...KATA, 'teardown'], {});
    await again.ended;
    expect(again.output).not.toContain('undone');
  });

  test('the next run removes all resources of a run killed during set-up', { timeout: LONG_MS }, async () => {
    const run = suites();
    await run.says(/set-up: containerd/);
    run.child.kill('SIGKILL');
    await run.ended;
    const next = suites({}, 'suites/agent/debug-console.spec.ts');
    expect(await next.ended).toEqual({ code: 0, signal: null });
    expect(await findLeaks()).toEqual(before);
  });

  testWhere(QEMU)(
    'teardown removes all resources of a run killed while its virtual machines run',
    {
      timeout: VM_MS,
    },
    async () => {
      const run = suites({ KATA_TARGET: 'vm', KATA_AGENT: 'stand-in' }, 'suites/guest/isolation.spec.ts');
      const processes = async (): Promise<readonly string[]> =>
        (await findLeaks()).filter((leak) => /qemu-system|vhost-device-vsock/.test(leak));
      await poll('a virtual machine with vsock', async () => (await processes()).length > 1 || undefined, {
        timeoutMs: VM_MS,
      });
      run.child.kill('SIGKILL');
      await run.ended;
      const teardown = new Run([...KATA, 'teardown'], {});
      expect(await teardown.ended).toEqual({ code: 0, signal: null });
      expect(await findLeaks()).toEqual(before);
    },
  );

  test('teardown does not undo a run that is still running', { timeout: LONG_MS }, async () => {
    const run = suites({}, 'suites/agent/debug-console.spec.ts');
    await guestIsUp();
    const teardown = new Run([...KATA, 'teardown'], {});
    await teardown.ended;
    expect(teardown.output).toMatch(/skipped: run \w+ is still running/);
    expect(await run.ended).toEqual({ code: 0, signal: null });
  });
});

describeWhere(AS_ROOT)('runs that cannot start', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kata-cc-lifecycle-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const refused = async (run: Run, line: string | RegExp): Promise<void> => {
    const before = await findLeaks();
    expect(await run.ended).toEqual({ code: 1, signal: null });
    expect(run.errors.trim().split('\n')).toEqual([typeof line === 'string' ? line : expect.stringMatching(line)]);
    expect(await findLeaks()).toEqual(before);
  };
  /** Runs the suites in a mount namespace in which `script` has run before. */
  const inside = (script: string, environment: Readonly<Record<string, string>> = {}): Run =>
    new Run(['unshare', '--mount', 'sh', '-c', `${script} && exec "$@"`, 'sh', ...VITEST], {
      KATA_REPORTS_DIR: reports,
      ...environment,
    });

  test('a run with an unknown KATA_TARGET fails with one line', async () => {
    await refused(
      suites({ KATA_TARGET: 'nonsense' }),
      'KATA_TARGET=nonsense: unknown; expected one of auto, local, vm, kata',
    );
  });

  const cannotCarryKata = !existsSync('/dev/vhost-vsock') || 'this machine has /dev/vhost-vsock';
  testWhere(cannotCarryKata)(
    'a run of a target that this machine lacks the devices for fails with one line',
    async () => {
      await refused(suites({ KATA_TARGET: 'kata' }), /^KATA_TARGET=kata: there is no .*`pnpm devvm test` runs it/);
    },
  );

  test('a run with a KATA_POLICY that cannot be read fails with one line', async () => {
    await refused(suites({ KATA_POLICY: '/no/such/policy.json' }), 'KATA_POLICY=/no/such/policy.json: no such file');
  });

  test('a run with a KATA_AGENT that is not a kata-agent fails with one line', { timeout: LONG_MS }, async () => {
    await refused(
      suites({ KATA_AGENT: '/bin/true' }),
      /^set-up failed: kata-agent: KATA_AGENT=\/bin\/true is not a kata-agent/,
    );
  });

  test('a run whose registry port is in use fails with one line', { timeout: LONG_MS }, async () => {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      const run = suites({ KATA_REGISTRY_PORT: String(port) });
      await refused(
        run,
        `set-up failed: registry: the registry's port ${port} is in use on 127.0.0.1; set KATA_REGISTRY_PORT to another, or to 0, which takes a free one`,
      );
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  test('a run with a full cache disk fails with one line', { timeout: LONG_MS }, async () => {
    const run = inside(`mount -t tmpfs -o size=16m tmpfs ${directory}`, { KATA_CACHE_DIR: directory });
    await refused(run, /^disk full: \d+ MiB free for .*, 1024 MiB are needed; free some, or set KATA_CACHE_DIR$/);
  });

  test('a run with a program that cannot be executed fails with one line', { timeout: LONG_MS }, async () => {
    const run = inside('mount --bind /dev/null /usr/bin/umoci', { KATA_CACHE_DIR: join(directory, 'fresh') });
    await refused(
      run,
      'set-up failed: distribution packages: umoci cannot be run, although the packages are installed',
    );
  });

  // In a new user namespace without a user mapping: not root there (uid 65534), but able to read this clone even if only its owner may.
  const WITHOUT_ROOT = ['unshare', '--user', '--'];

  test('a run without root fails with one line', async () => {
    const run = new Run(
      [...WITHOUT_ROOT, ...VITEST, '--configLoader=native'],
      // The settings must not be resolved: resolving the target would read root's files, and the repository is not
      // reachable.
      {
        KATA_TARGET: 'auto',
        KATA_AGENT: 'source',
        katacontainers_repo: 'https://192.0.2.1/kata',
        KATA_REPORTS_DIR: reports,
      },
    );
    await refused(run, /^not root: namespaces and cgroups need it; run as root/);
  });

  test('a run with malformed SOURCE_CREDS fails with one line that does not show them', async () => {
    await refused(suites({ SOURCE_CREDS: 'secretwithoutcolon' }), 'SOURCE_CREDS: expected user:password');
  });
});

testWhere(AS_ROOT)('a run fails, and says why, if its -t pattern matches no test', { timeout: LONG_MS }, async () => {
  const run = suites({}, 'suites/agent/debug-console.spec.ts', '-t', 'no test is called this');
  expect(await run.ended).toEqual({ code: 1, signal: null });
  expect(run.output).toMatch(/^skipped \d+: not selected$/m);
  expect(run.output).toMatch(/^RED {6}nothing ran: no test matches .*-t "no test is called this"/m);
});

describeWhere(AS_ROOT)('secrets in the reports of a run', () => {
  const PLANTED = {
    GITHUB_TOKEN: 'ghp_planted0token1of2the3environment',
    SOURCE_CREDS: 'alice:planted-source-password',
    DOCKERCONFIGJSON: Buffer.from(
      JSON.stringify({
        auths: { 'r.example': { auth: Buffer.from('puller:planted-pull-secret').toString('base64') } },
      }),
    ).toString('base64'),
  };

  /** The credentials of the password registry of a run that has just started; the run removes them at its end. */
  async function registryCredentials(others: readonly string[]): Promise<string> {
    const found = async (): Promise<string | undefined> => {
      const runs = (await readdir(RUN_ROOT)).filter((name) => !others.includes(name));
      const files = runs.map((name) => join(RUN_ROOT, name, 'password-registry', 'credentials'));
      const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
      return texts.find((text) => text !== '');
    };
    return poll('the credentials of the registry', found, { timeoutMs: LONG_MS });
  }

  /** The keys of encrypted images in this machine's cache, in base64. */
  async function imageKeys(): Promise<string[]> {
    const kept = join(loadConfig().cacheDir, 'image-keys');
    const files = (await readdir(kept)).map((name) => join(kept, name, 'keys.json'));
    const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    return texts.flatMap((text) => Object.values(JSON.parse(text) as Record<string, string>));
  }

  test('reports contain no secret of the environment, SOURCE_CREDS, registry password, pull secret or key of encrypted images', {
    timeout: LONG_MS,
  }, async () => {
    const environment = { ...PLANTED, KATA_EVIDENCE: 'always', PULL_IMAGE: '127.0.0.1:5001/alice/private:1' };
    const blob = ['--reporter=default', '--reporter=blob', `--outputFile.blob=${join(reports, 'blobs', '1.json')}`];
    const others = await readdir(RUN_ROOT).catch(() => []);
    const run = suites(environment, SLICE, '-t', 'password-protected registry|image in PULL_IMAGE', ...blob);
    const registry = await registryCredentials(others);
    // The run fails because PULL_IMAGE cannot be pulled, which yields an error that quotes the request.
    expect((await run.ended).code).toBe(1);
    const merging = suites(environment, `--merge-reports=${join(reports, 'blobs')}`);
    expect((await merging.ended).code).toBe(1);
    const written = [...(await everythingIn(reports)), ['said', run.output + run.errors + merging.output] as const];
    // Control: the searched reports contain calls with credentials.
    expect(written.filter(([, text]) => text.includes('"sourceCreds": "******"')).length).toBeGreaterThan(3);
    expect(written.map(([file]) => file)).toContain(join(reports, 'index.html'));
    expect(await reportIsFull(), 'tests were selected by name').toBe(false);
    const secrets = [registry, ...(await imageKeys()), ...Object.values(PLANTED)].flatMap((secret) => [
      secret,
      secret.split(':').at(-1) ?? '',
    ]);
    const forms = [...secrets, 'planted-pull-secret'].flatMap((secret) => [
      secret,
      Buffer.from(secret).toString('base64').replace(/=+$/, ''),
      encodeURIComponent(secret),
    ]);
    for (const [file, text] of written) {
      for (const form of forms) expect(text.includes(form), `a secret in ${file}`).toBe(false);
    }
  });
});
