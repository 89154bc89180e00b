import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AS_ROOT, testWhere } from '../../../helpers/contract/run-where.ts';
import { run } from '../../../helpers/process/exec.ts';
import { projectPath } from '../../project.ts';

let cache: string;
beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'kata-cc-plan-'));
  await mkdir(join(cache, 'images'), { mode: 0o700 });
  await chmod(cache, 0o755);
});
afterAll(() => rm(cache, { recursive: true }));

const plan = (environment: Readonly<Record<string, string>>, before: readonly string[] = []) =>
  run([...before, process.execPath, projectPath('setup/commands/kata.ts'), 'plan'], {
    cwd: projectPath('.'),
    env: { KATA_TARGET: 'local', KATA_AGENT: 'stand-in', KATA_CACHE_DIR: cache, ...environment },
  });

test('pnpm plan prints a notice of a setting without effect on stderr, and the plan alone on stdout', async () => {
  const { stderr, stdout } = await plan({ KATA_GUEST_CPUS: '2' });
  expect(stderr).toContain('KATA_GUEST_CPUS=2 has no effect: ');
  expect(stdout).not.toContain('has no effect');
  expect(stdout).toContain('first guest');
});

/** Runs a command as a user who owns nothing. */
const AS_OTHER_USER = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
const READ = [...AS_OTHER_USER, 'test', '-r', projectPath('setup/commands/kata.ts')];
const readableByOthers =
  AS_ROOT === true && (await run(READ, { okCodes: [0, 1] })).exitCode !== 0
    ? 'needs a checkout that other users can read'
    : AS_ROOT;

testWhere(readableByOthers)(
  'pnpm plan of another user says that the cache cannot be read and that a run needs root',
  async () => {
    const { stderr, stdout } = await plan({ HOME: tmpdir() }, AS_OTHER_USER);
    expect(stderr).toContain(
      `not root: the cache ${cache} cannot be read, so what is built is unknown; a run needs root`,
    );
    expect(stdout).toMatch(/^images .* unknown: the cache cannot be read$/m);
    expect(stdout).not.toContain('not built yet');
    expect(stderr).not.toContain('a run is rejected');
  },
);
