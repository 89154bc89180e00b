import { execa } from 'execa';
import { expect, test } from 'vitest';
import { minimalEnv } from '../../helpers/process/exec.ts';
import { VITEST } from '../commands/child-run.ts';
import { projectPath } from '../project.ts';

test('a run with an invalid KATA_REPORTS_DIR fails, and prints the reason once', async () => {
  const [node = '', ...args] = VITEST;
  const { all, exitCode } = await execa(node, args, {
    cwd: projectPath('.'),
    env: minimalEnv({ KATA_REPORTS_DIR: '/etc/passwd/x', KATA_TARGET: 'local', NO_COLOR: '1' }),
    extendEnv: false,
    all: true,
    reject: false,
  });
  expect(exitCode).toBe(1);
  expect(all.match(/KATA_REPORTS_DIR=\/etc\/passwd\/x: \/etc\/passwd is not a directory/g)).toHaveLength(1);
});
