import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { run } from '../../helpers/process/exec.ts';
import { projectPath } from '../project.ts';

test('a Vitest run whose output cannot be written ends with exit code 1 and one line on stderr', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-lost-output-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const vitest = `"${process.execPath}" node_modules/vitest/vitest.mjs run --project harness`;
  const ended = await run(['sh', '-c', `exec ${vitest} helpers/text/nearest.test.ts > /dev/full`], {
    cwd: projectPath('.'),
    env: { KATA_REPORTS_DIR: directory },
    okCodes: [0, 1],
  });
  expect(ended).toMatchObject({
    exitCode: 1,
    stderr: 'cannot write the output: ENOSPC: no space left on device, write\n',
  });
});
