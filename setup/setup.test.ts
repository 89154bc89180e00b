import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AS_ROOT, describeWhere } from '../helpers/contract/run-where.ts';
import { environmentOf, loadConfig, secretsOf, withTarget } from './config/config.ts';
import { TOOLS } from './config/pins.ts';
import { inspect, make, prune, whyChanged } from './engine/artefact-cache.ts';
import { damageTo, recordContents } from './engine/artefact-contents.ts';
import { EXAMPLE_MODULE } from './engine/example-step.ts';
import { findRuns, Journal, replay } from './engine/journal.ts';
import { type Progress, provision } from './engine/provision.ts';
import type { ArtefactStep, ServiceStep, Step } from './engine/step.ts';
import { teardown } from './engine/teardown.ts';
import { diagnose, obstacles } from './host/doctor.ts';
import { exampleHost } from './host/example-host.ts';
import { type Host, probeHost } from './host/probe.ts';
import { plan } from './plan.ts';
import { projectPath } from './project.ts';
import { missingPackages } from './steps/packages.ts';

const HOST = exampleHost();

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-setup-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('configuration', () => {
  test('loadConfig has a default for every setting', () => {
    expect(loadConfig({})).toMatchObject({
      target: 'auto',
      agent: 'auto',
      agentCtl: undefined,
      registryPort: 0,
      kubernetes: 'auto',
      kubernetesBundle: undefined,
      kubernetesImages: undefined,
      kubernetesRepository: 'https://pkgs.k8s.io/core:/stable:/v1.34/deb/',
      debug: false,
    });
  });

  test.for(['KATA_CACHE_DIR', 'KATA_REPORTS_DIR', 'KATA_HISTORY_DIR'] as const)(
    'loadConfig expands ~ in %s=~/x to the home directory',
    (name) => {
      const { cacheDir, historyDir, reportsDir } = loadConfig({ [name]: '~/x' });
      expect([cacheDir, historyDir, reportsDir]).toContain(join(homedir(), 'x'));
    },
  );

  test.for([
    ['KATA_TARGET', 'nonsense', 'KATA_TARGET=nonsense: not known; one of auto, local, vm, kata'],
    ['KATA_REGISTRY_PORT', '70000', 'KATA_REGISTRY_PORT=70000: wanted a port number from 0 to 65535'],
    [
      'KATA_AGENT',
      'standin',
      'KATA_AGENT=standin: no such file; expected auto, stand-in, source, or the path of a kata-agent',
    ],
    ['KATA_AGENT', '/nonexistent', 'KATA_AGENT=/nonexistent: no such file'],
    ['KATA_AGENT', '/etc', 'KATA_AGENT=/etc: this is a directory; wanted the path of a program'],
    ['KATA_AGENT', '/etc/passwd', 'KATA_AGENT=/etc/passwd: this file is not executable; chmod +x makes it so'],
    ['KATA_CDH', '/etc', 'KATA_CDH=/etc: this is a directory; wanted the path of a program'],
    ['KATA_AGENT_CTL', '/etc/passwd', 'KATA_AGENT_CTL=/etc/passwd: this file is not executable; chmod +x makes it so'],
    ['KATA_PROTOS', '/etc/passwd', 'KATA_PROTOS=/etc/passwd: no such directory'],
    ['KATA_AGENT', ' ', 'KATA_AGENT= : this is blank; set a path, or unset it'],
    ['KATA_CACHE_DIR', ' ', 'KATA_CACHE_DIR= : this is blank; set a path, or unset it'],
    ['KATA_CACHE_DIR', '/a:b', 'KATA_CACHE_DIR=/a:b: wanted a path without a colon'],
    ['KATA_CACHE_DIR', '/a\nb', 'wanted a path without line ends and control characters, and this is "/a\\nb"'],
    ['KATA_CACHE_DIR', '/etc/passwd', 'KATA_CACHE_DIR=/etc/passwd: /etc/passwd is not a directory'],
    ['KATA_REPORTS_DIR', '/etc/passwd/x', 'KATA_REPORTS_DIR=/etc/passwd/x: /etc/passwd is not a directory'],
    ['KATA_HISTORY_DIR', '/etc/passwd', 'KATA_HISTORY_DIR=/etc/passwd: /etc/passwd is not a directory'],
    [
      'CONTAINER_ID',
      '-x',
      'CONTAINER_ID=-x: the agent accepts two or more characters of a-z, A-Z, 0-9, _, . and -, starting with a letter or digit',
    ],
    ['KUBERNETES', 'maybe so', 'KUBERNETES=maybe so: not known; one of auto, yes, no'],
    ['SOURCE_CREDS', 'hunter2', 'SOURCE_CREDS: wanted user:password'],
    ['SOURCE_CREDS', 'user:', 'SOURCE_CREDS: wanted user:password'],
    ['SOURCE_CREDS', ':password', 'SOURCE_CREDS: wanted user:password'],
    [
      'KATA_HYPERVISOR',
      'cloud-hypervisor',
      'KATA_HYPERVISOR=cloud-hypervisor: only qemu is supported; unset it, or set it to qemu',
    ],
    ['tests_repo', 'github.com/you/tests', 'tests_repo=github.com/you/tests: no repository of tests is used'],
    ['tests_branch', 'CCv0', 'tests_branch=CCv0: no repository of tests is used'],
    ['KATA_TEMPLATE', 'never', 'KATA_TEMPLATE=never: wanted yes or no'],
    ['KATA_COVERAGE_GATE', 'perhaps', 'KATA_COVERAGE_GATE=perhaps: wanted yes or no'],
    ['KATA_POLICY', '/etc/passwd', 'KATA_POLICY=/etc/passwd: it is not JSON ('],
    ['KATA_POLICY', projectPath('package.json'), 'name: a policy has default and transports alone'],
    [
      'KATA_MUTANT',
      'policy-never-raed',
      'KATA_MUTANT=policy-never-raed: no such mutant; did you mean policy-never-read?',
    ],
  ])('loadConfig rejects %s=%s in one line', ([name, value, line]) => {
    expect(() => loadConfig({ [name ?? '']: value })).toThrow(line ?? '');
  });

  test.for([
    ['KATA_HYPERVISOR', 'qemu'],
    ['SOURCE_CREDS', '_json_key:{\n  "type": "service_account"\n}\n'],
    ['SOURCE_CREDS', 'user: '],
    ['SOURCE_CREDS', 'user:a:b'],
  ])('loadConfig accepts %s=%j', ([name = '', value]) => {
    expect(() => loadConfig({ [name]: value })).not.toThrow();
  });

  test.for([
    ['yes', true],
    ['1', true],
    ['TRUE', true],
    ['-d', true],
    ['*', true],
    ['kata-cc', true],
    ['vitest:*,kata-*', true],
    ['no', false],
    ['0', false],
    ['', false],
    ['pw:api', false],
    ['express:*', false],
    ['*,-kata-cc', false],
    ['a value (of another tool)', false],
  ] as const)('DEBUG=%s makes set-up show its commands: %s', ([value, shown]) => {
    expect(loadConfig({ DEBUG: value }).debug).toBe(shown);
  });

  test.for([
    ['true', true],
    ['woodpecker', true],
    ['false', false],
  ] as const)('CI=%s selects plain progress lines: %s', ([value, ci]) => {
    expect(loadConfig({ CI: value }).ci).toBe(ci);
  });

  test('the configuration is reported in shell syntax: non-default settings that affect tests, without secrets', () => {
    const environment = {
      SOURCE_CREDS: 'a:secret',
      KATA_REPORTS_DIR: '/x',
      KATA_POLICY: '/my policy.json',
      DEBUG: 'yes',
    };
    expect(environmentOf({ target: 'local', agent: 'stand-in' }, environment)).toBe(
      "KATA_TARGET=local KATA_AGENT=stand-in KATA_POLICY='/my policy.json'",
    );
  });

  test('secrets in an environment are recognised by variable name', () => {
    const environment = {
      GITHUB_TOKEN: 'ghp_123456',
      MY_API_KEY: 'abcdefg',
      GIT_AUTHOR_NAME: 'alice',
      HAS_TOKEN: 'yes',
    };
    expect(secretsOf({ ...environment, SOURCE_CREDS: 'a:b' })).toEqual(['ghp_123456', 'abcdefg', 'a:b']);
  });
});

describe('the doctor', () => {
  const config = withTarget('local', loadConfig({}));
  const problems = (host: Partial<Host>): readonly string[] => obstacles(diagnose(config, { ...HOST, ...host }));

  test('the doctor finds no obstacle on a suitable machine; set-up installs missing packages', () => {
    expect(problems({})).toEqual([]);
    expect(missingPackages(config, HOST)).toContain('skopeo');
  });

  test('the doctor reports a missing library if all programs are installed', () => {
    const building = withTarget('vm', loadConfig({ KATA_KERNEL: 'build' }));
    const tools = Object.fromEntries(Object.keys(TOOLS).map((tool) => [tool, `/usr/bin/${tool}`]));
    expect(missingPackages(building, { ...HOST, tools, libraries: ['libssl-dev', 'libc6-dev'] })).toEqual([
      'libelf-dev',
    ]);
  });

  test.for<[Partial<Host>, string]>([
    [{ root: false }, 'not root'],
    [{ nodeVersion: '20.18.3' }, 'Node.js 20.18.3 is too old'],
    [{ memoryMib: 512 }, '512 MiB of memory'],
    [{ cacheFreeMib: 10 }, 'disk full: 10 MiB free'],
    [{ features: { ...HOST.features, overlay: false } }, 'the kernel offers no overlay'],
    [{ distribution: 'fedora' }, 'skopeo is missing; install the package skopeo'],
  ])('the doctor reports for %j: %s', ([host, problem]) => {
    expect(problems(host).join('\n')).toContain(problem);
  });

  test('the doctor reports missing devices for target kata, and suggests the dev VM', () => {
    const kata = (features: Partial<Host['features']>): readonly string[] =>
      obstacles(
        diagnose(withTarget('kata', loadConfig({})), {
          ...HOST,
          memoryMib: 16_384,
          cacheFreeMib: 40_000,
          features: { ...HOST.features, ...features },
        }),
      );
    expect(kata({ kvm: true, 'vhost-vsock': true })).toEqual([]);
    expect(kata({ kvm: true, 'vhost-vsock': false })).toEqual([
      'KATA_TARGET=kata: there is no /dev/vhost-vsock; `pnpm devvm test` runs it in a dev VM that has them',
    ]);
  });
});

describe('a plan', () => {
  test.for(['local', 'vm'] as const)('the plan of target %s lists every step after the steps it needs', (target) => {
    const steps = plan(withTarget(target, loadConfig({})));
    for (const [index, step] of steps.entries()) {
      for (const needed of step.needs) expect(steps.indexOf(needed)).toBeLessThan(index);
    }
  });
});

describe('an artefact', () => {
  const step = (file: string): ArtefactStep => ({
    kind: 'artefact',
    id: 'thing',
    module: EXAMPLE_MODULE,
    title: 'a thing',
    needs: [],
    timeoutMs: 1_000,
    inputs: () => ({ files: { source: file } }),
    make: async () => {},
  });

  test('an artefact is built once, and rebuilt after a change of an input, which is named', async () => {
    const file = join(directory, 'source');
    await writeFile(file, 'one');
    const config = withTarget('local', loadConfig({ KATA_CACHE_DIR: join(directory, 'cache') }));
    const first = await inspect(step(file), config, HOST, {});
    expect(first.why).toBe('not made yet');
    await make(first, 'run', (into) => writeFile(join(into, 'result'), '1'));
    expect((await inspect(step(file), config, HOST, {})).why).toBeUndefined();
    await writeFile(file, 'two');
    expect((await inspect(step(file), config, HOST, {})).why).toBe('changed: source');
  });

  test.for<[damage: string, harm: (file: string) => Promise<unknown>, why: string]>([
    ['changed', (file) => writeFile(file, 'X'), 'damaged: deep/result is not what was made'],
    ['cut short', (file) => truncate(file), 'damaged: deep/result has 0 bytes, 1 were made'],
    ['removed', (file) => rm(file), 'damaged: deep/result is gone'],
  ])('an artefact that was %s on disk is rebuilt', async ([, harm, why]) => {
    const config = withTarget('local', loadConfig({ KATA_CACHE_DIR: join(directory, 'cache') }));
    const look = (): ReturnType<typeof inspect> => inspect(step(projectPath('LICENSE')), config, HOST, {});
    const fill = async (into: string): Promise<void> => {
      await mkdir(join(into, 'deep'));
      await writeFile(join(into, 'deep', 'result'), '1');
    };
    const first = await look();
    await make(first, 'run', fill);
    expect((await look()).why).toBeUndefined();
    await harm(join(first.directory, 'deep', 'result'));
    const damaged = await look();
    expect(damaged.why).toBe(why);
    await make(damaged, 'run', fill);
    expect((await look()).why).toBeUndefined();
    expect(await readFile(join(first.directory, 'deep', 'result'), 'utf8')).toBe('1');
  });

  test('bit rot of an artefact is detected within a day', async () => {
    const file = join(directory, 'rotten');
    await writeFile(file, 'good');
    await recordContents(directory);
    // Bit rot does not change a file's ctime; record the new one, as if the file had not been written.
    const record = join(directory, '.contents.json');
    await writeFile(file, 'evil');
    const contents = JSON.parse(await readFile(record, 'utf8')) as { files: { rotten: { ctimeMs: number } } };
    contents.files.rotten.ctimeMs = (await stat(file)).ctimeMs;
    await writeFile(record, JSON.stringify(contents));
    expect(await damageTo(directory)).toBeUndefined();
    expect(await damageTo(directory, Date.now() + 25 * 3_600_000)).toBe('damaged: rotten is not what was made');
  });

  test.for(['', '\0\0', 'null', '{"readAt":'])(
    'an artefact whose .contents.json is %j is reported as damaged',
    async (text) => {
      await writeFile(join(directory, '.contents.json'), text);
      expect(await damageTo(directory)).toBe('damaged: .contents.json is not what was written');
    },
  );

  test.for(['', 'null', '{'])(
    'an artefact is built although another one’s .made-from.json is %j and a dangling link is in the cache',
    async (text) => {
      const config = withTarget('local', loadConfig({ KATA_CACHE_DIR: join(directory, 'cache') }));
      const kind = join(directory, 'cache', 'thing');
      await mkdir(join(kind, 'other'), { recursive: true });
      await writeFile(join(kind, 'other', '.made-from.json'), text);
      await symlink('/nowhere', join(kind, 'link'));
      const state = await inspect(step(projectPath('LICENSE')), config, HOST, {});
      expect(state.why).toBe('not made yet');
      await make(state, 'run', async () => {});
      await prune(state);
      expect(await readdir(kind)).toHaveLength(3);
    },
  );

  test('an artefact whose build fails leaves no files in the cache', async () => {
    const config = withTarget('local', loadConfig({ KATA_CACHE_DIR: join(directory, 'cache') }));
    const state = await inspect(step(projectPath('LICENSE')), config, HOST, {});
    await expect(make(state, 'run', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await readdir(join(directory, 'cache', 'thing'))).toEqual([]);
  });

  test('whyChanged says that an artefact is missing from the cache', () => {
    expect(whyChanged({ a: '1' }, { a: '1' })).toBe('it is missing from the cache');
    expect(whyChanged({ a: '1', b: '1' }, { a: '2', b: '1' })).toBe('changed: a');
  });
});

describe('a journal', () => {
  test('a journal is replayed last entry first, and then removed', async () => {
    const journal = await Journal.open(directory, 'abc');
    const made = join(directory, 'made');
    journal.record({ undo: 'remove-path', path: made });
    await mkdir(join(made, 'deep'), { recursive: true });
    expect(await findRuns(directory)).toMatchObject([{ runId: 'abc', alive: true, pid: process.pid }]);
    await journal.replay();
    expect(await readdir(directory)).toEqual([]);
  });

  test('findRuns recognises the journal of an ended process; replay ignores an incomplete last line', async () => {
    const file = join(directory, 'dead.jsonl');
    const made = join(directory, 'made');
    await mkdir(made);
    const header = JSON.stringify({ runId: 'dead', process: { pid: process.pid, startTime: '1' } });
    await writeFile(file, `${header}\n${JSON.stringify({ undo: 'remove-path', path: made })}\n{"undo":"remo`);
    expect(await findRuns(directory)).toMatchObject([{ runId: 'dead', alive: false }]);
    await replay(file);
    expect(await readdir(directory)).toEqual([]);
  });
});

test.for(['', '\0\0\0\n\0\n', '{"runId":\n', 'null\n', '[]\n', '{}\n'])(
  'teardown removes a journal that a full disk or a power cut reduced to %j',
  async (text) => {
    await writeFile(join(directory, 'left.jsonl'), text);
    expect(await teardown(directory)).toMatchObject({ undone: [{ runId: '?' }], alive: [] });
    expect(await readdir(directory)).toEqual([]);
  },
);

test('replay ignores an incompletely written line of a journal', async () => {
  const file = join(directory, 'dead.jsonl');
  const made = join(directory, 'made');
  await mkdir(made);
  const header = JSON.stringify({ runId: 'dead', process: { pid: process.pid, startTime: '1' } });
  await writeFile(file, `${header}\n${JSON.stringify({ undo: 'remove-path', path: made })}\n\0\0\0\n`);
  await replay(file);
  expect(await readdir(directory)).toEqual([]);
});

describeWhere(AS_ROOT)('a run of steps', () => {
  const quiet: Progress = { started: () => {}, said: () => {}, ended: () => {} };
  const service = (
    id: string,
    needs: readonly Step[],
    start: ServiceStep['start'],
    timeoutMs = 1_000,
  ): ServiceStep => ({
    kind: 'service',
    id,
    module: EXAMPLE_MODULE,
    title: `step ${id}`,
    needs,
    timeoutMs,
    start,
  });
  const run = async (steps: readonly Step[], signal = new AbortController().signal): ReturnType<typeof provision> => {
    const config = withTarget('local', loadConfig({ KATA_CACHE_DIR: directory }));
    return provision(steps, { config, host: await probeHost(directory), progress: quiet, signal });
  };

  test('the files of an artefact have the same modes under every umask', async () => {
    const artefact: ArtefactStep = {
      ...{ kind: 'artefact', id: 'modes', module: EXAMPLE_MODULE, title: 'modes', needs: [], timeoutMs: 5_000 },
      inputs: () => ({}),
      make: async (at) => {
        await mkdir(join(at, 'directory'));
        await writeFile(join(at, 'file'), '');
      },
    };
    const own = process.umask(0o077);
    try {
      await using world = await run([artefact]);
      const made = ['directory', 'file'].map((name) => stat(join(String(world.result(artefact)), name)));
      expect((await Promise.all(made)).map(({ mode }) => mode & 0o777)).toEqual([0o755, 0o644]);
      expect(process.umask()).toBe(0o077);
    } finally {
      process.umask(own);
    }
  });

  test('an outdated artefact is rebuilt in place', async () => {
    let made = 0;
    const counting: ArtefactStep = {
      ...{ kind: 'artefact', id: 'counting', module: EXAMPLE_MODULE, title: 'counting', needs: [], timeoutMs: 5_000 },
      inputs: () => ({ files: {} }),
      outdated: async (at) => ((await readFile(join(at, 'count'), 'utf8')) === '1' ? 'it was the first' : undefined),
      make: async (at) => {
        made += 1;
        await writeFile(join(at, 'count'), String(made));
      },
    };
    const start = async (): Promise<string> => {
      await using world = await run([counting]);
      return readFile(join(String(world.result(counting)), 'count'), 'utf8');
    };
    expect([await start(), await start(), await start()]).toEqual(['1', '2', '2']);
  });

  test('provision passes results on to later steps, and undoes the steps in reverse order', async () => {
    const said: string[] = [];
    const one = service('one', [], async ({ owned }) => {
      owned.defer(() => void said.push('undo one'));
      return 1;
    });
    const two = service('two', [one], async ({ owned, result }) => {
      owned.defer(() => void said.push('undo two'));
      said.push(`two has ${String(result(one))}`);
    });
    const world = await run([one, two]);
    await world[Symbol.asyncDispose]();
    expect(said).toEqual(['two has 1', 'undo two', 'undo one']);
    expect(await readdir(join(directory, 'journal'))).toEqual([]);
  });

  test('a failing step aborts the others and undoes everything; the error names the step and the reason', async () => {
    const said: string[] = [];
    const done = service('done', [], async ({ owned }) => void owned.defer(() => void said.push('undone')));
    const fails = service('fails', [done], () => Promise.reject(new Error('the reason')));
    const waits = service(
      'waits',
      [done],
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    );
    await expect(run([done, fails, waits])).rejects.toThrow('set-up failed: step fails: the reason');
    expect(said).toEqual(['undone']);
  });

  test('a step that exceeds its deadline fails', async () => {
    const slow = service(
      'slow',
      [],
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
      50,
    );
    await expect(run([slow])).rejects.toThrow('set-up failed: step slow: not done within 0.05 s');
  });

  test('a step that fails with ENOSPC reports a full disk', async () => {
    const full = service('full', [], () => Promise.reject(Object.assign(new Error('write'), { code: 'ENOSPC' })));
    await expect(run([full])).rejects.toThrow('set-up failed: step full: disk full: write');
  });

  test('an interrupted set-up rejects with the interrupt', async () => {
    const controller = new AbortController();
    const slow = service(
      'slow',
      [],
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
          controller.abort(new Error('interrupted'));
        }),
    );
    await expect(run([slow], controller.signal)).rejects.toThrow('interrupted');
  });
});
