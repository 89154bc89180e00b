import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AS_ROOT, describeWhere } from '../../helpers/contract/run-where.ts';
import { fileExists } from '../../helpers/files.ts';
import { run } from '../../helpers/process/exec.ts';
import { EXAMPLE_MODULE } from '../engine/example-step.ts';
import { projectPath } from '../project.ts';
import type { ServiceStep } from '../step.ts';
import { openSession } from './open-session.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-session-'));
  await chmod(directory, 0o755);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** A program for a child process that opens a session which needs a commit of the repository. */
const PROGRAM = `
  const { openSession } = await import(${JSON.stringify(projectPath('setup/session/open-session.ts'))});
  const { signal } = new AbortController();
  await openSession({ changes: { target: 'vm' }, build: { steps: [] }, signal }).then(
    () => console.log('opened'),
    (error) => console.log(error.message));
  process.exit();`;

/** What that program prints when `starter` starts it, and how often it asked the repository. */
async function openedBy(starter: readonly string[]): Promise<{ readonly said: string; readonly asked: number }> {
  let asked = 0;
  const repository = createServer((_request, response) => {
    asked += 1;
    response.writeHead(404).end();
  });
  await once(repository.listen(0, '127.0.0.1'), 'listening');
  const { port } = repository.address() as AddressInfo;
  const env = {
    KATA_AGENT: 'stand-in',
    KATA_KERNEL: 'source',
    katacontainers_repo: `http://127.0.0.1:${port}/kata`,
    katacontainers_branch: 'main',
    KATA_CACHE_DIR: directory,
  };
  try {
    const { stdout } = await run([...starter, process.execPath, '--input-type=module', '--eval', PROGRAM], { env });
    return { said: stdout, asked };
  } finally {
    repository.close();
  }
}

describeWhere(AS_ROOT)('the checks of a session', () => {
  test('openSession contacts the Kata repository only after its local checks', async () => {
    const { asked, said } = await openedBy([]);
    expect(said).toContain('katacontainers_repo=http://127.0.0.1');
    expect(asked).toBeGreaterThan(0);
  });

  test('openSession without root rejects before it uses the network', async () => {
    const { asked, said } = await openedBy(['unshare', '--user', '--']);
    expect(said).toMatch(/^not root: namespaces and cgroups need it/);
    expect(asked).toBe(0);
  });

  test('openSession with a full disk rejects before it uses the network', async () => {
    const mounted = `mount -t tmpfs -o size=16m tmpfs ${directory} && exec "$@"`;
    const { asked, said } = await openedBy(['unshare', '--mount', 'sh', '-c', mounted, 'sh']);
    expect(said).toMatch(/^disk full: \d+ MiB free/);
    expect(asked).toBe(0);
  });
});

describeWhere(AS_ROOT)('a session that only builds', () => {
  const lines: string[] = [];
  beforeEach(() => void lines.splice(0));

  const step = (id: string, start: ServiceStep<string>['start'], needs: readonly ServiceStep[] = []) =>
    ({
      kind: 'service',
      id,
      module: EXAMPLE_MODULE,
      title: `step ${id}`,
      needs: () => needs,
      timeoutMs: 10_000,
      start,
    }) as const;
  const open = (...steps: readonly ServiceStep[]) =>
    openSession({
      changes: { target: 'local', cacheDir: directory },
      build: { steps, unresolved: true },
      signal: new AbortController().signal,
      log: (line) => lines.push(line),
    });
  const journals = (): Promise<string[]> => readdir(join(directory, 'journal'));

  test('openSession runs set-up steps and those they need, returns their results and durations, and undoes them', async () => {
    const undone: string[] = [];
    const first = step('first', async ({ owned, runDir }) => {
      owned.defer(() => void undone.push('first'));
      return runDir;
    });
    const second = step(
      'second',
      async ({ result, say }) => {
        say('half way');
        return `${result(first)} again`;
      },
      [first],
    );
    let runDir: string;
    {
      await using session = await open(second);
      runDir = session.result(first);
      expect(session.result(second)).toBe(`${runDir} again`);
      expect(session.timings.map(({ id, outcome }) => [id, outcome])).toEqual([
        ['first', 'done'],
        ['second', 'done'],
      ]);
      expect(() => session.target).toThrow('this session only builds: it has no target');
      expect(await fileExists(runDir)).toBe(true);
      expect(undone).toEqual([]);
    }
    expect(undone).toEqual(['first']);
    expect(await fileExists(runDir)).toBe(false);
    expect(await journals()).toEqual([]);
    expect(lines).toEqual([
      'set-up: step first',
      'set-up: step second',
      'set-up: step second: half way',
      expect.stringMatching(/^set-up: ready in [\d.]+ s, 0 artefacts reused$/),
    ]);
  });

  test('openSession leaves nothing of a set-up that fails', async () => {
    let runDir = '';
    const undone: string[] = [];
    const first = step('first', async (context) => {
      runDir = context.runDir;
      context.owned.defer(() => void undone.push('first'));
      return '';
    });
    const fails = step('fails', () => Promise.reject(new Error('no such luck')), [first]);
    await expect(open(fails)).rejects.toThrow('set-up failed: step fails: no such luck');
    expect(undone).toEqual(['first']);
    expect(await fileExists(runDir)).toBe(false);
    expect(await journals()).toEqual([]);
    expect(lines.join('\n')).not.toContain('ready');
  });
});
