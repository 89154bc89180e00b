import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../../helpers/process/exec.ts';
import { inTemporaryDirectory } from '../../../helpers/temporary-directory.ts';
import { newFiles } from './report.ts';

test('of reports and evidence in the dev VM, those of the run are copied', async () => {
  await inTemporaryDirectory(join(tmpdir(), 'kata-cc-report-'), async (directory) => {
    const reports = join(directory, 'out');
    const begun = join(directory, 'begun');
    const seconds = {
      'index.html': 2,
      'report.json': 2,
      'evidence/a/console.log': 2,
      'evidence/b': 0,
      'soak.json': 0,
      'blobs/1': 2,
    };
    for (const [name, second] of Object.entries(seconds)) {
      await mkdir(join(reports, name, '..'), { recursive: true });
      await writeFile(join(reports, name), '');
      await utimes(join(reports, name), second, second);
    }
    await writeFile(begun, '');
    await utimes(begun, 1, 1);
    const { stdout } = await run(['sh', '-c', `${newFiles(reports, begun)} | tar --list`]);
    expect(stdout.trim().split('\n').sort()).toEqual(['./evidence/a/console.log', './index.html', './report.json']);
  });
});
