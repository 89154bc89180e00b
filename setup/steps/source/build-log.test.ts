import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ProvisionError } from '../../../helpers/errors.ts';
import { loadConfig } from '../../config/config.ts';
import { withTarget } from '../../config/validated.ts';
import { type BuildLog, openBuildLog, saidBy } from './build-log.ts';

async function openLog(signal = new AbortController().signal): Promise<BuildLog> {
  const cacheDir = await mkdtemp(join(tmpdir(), 'kata-cc-log-'));
  onTestFinished(() => rm(cacheDir, { recursive: true, force: true }));
  return openBuildLog('kernel', { config: withTarget('vm', loadConfig({ KATA_CACHE_DIR: cacheDir })), signal });
}

test('the error of a failed build command has its name, the log file and the last lines of output', async () => {
  const log = await openLog();
  expect(await log.run('a good one', ['echo', 'fine'])).toBe('fine\n');
  const script = 'for n in $(seq 100); do echo "line $n"; done; echo "the reason" >&2; exit 3';
  const error: unknown = await log.run('make', ['sh', '-c', script]).catch((problem: unknown) => problem);
  expect(error).toBeInstanceOf(ProvisionError);
  const { message } = error as ProvisionError;
  expect(message).toContain(`make failed, its log is ${log.file}:\nline 90\n`);
  expect(message).toMatch(/line 100\nthe reason$/);
  expect(saidBy(error)).toContain('line 1\n');
  const text = await readFile(log.file, 'utf8');
  expect(text).toMatch(/^== a good one: echo fine\nfine\n== make: /);
  expect(text).toContain('line 1\n');
  expect(text).toMatch(/the reason\n$/);
});

test('an aborted build command fails with the cancellation, without quoting its log', async () => {
  const controller = new AbortController();
  const log = await openLog(controller.signal);
  const running = log.run('make', ['sleep', '60']);
  controller.abort();
  await expect(running).rejects.toThrow('was cancelled');
});
