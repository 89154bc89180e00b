import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { run } from '../process/exec.ts';
import { CHECKOUT_FILE, readCheckout } from './checkout.ts';

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'kata-cc-checkout-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

test('readCheckout reads the commit of a repository, and whether files were changed', async () => {
  const root = await directory();
  const git = (...args: string[]) => run(['git', '-C', root, '-c', 'user.name=x', '-c', 'user.email=x', ...args]);
  await git('init', '--quiet');
  await git('commit', '--quiet', '--allow-empty', '--message=x');
  const commit = (await git('rev-parse', '--short=10', 'HEAD')).stdout.trim();
  expect(await readCheckout(root)).toEqual({ commit, dirty: false });
  await writeFile(join(root, 'file'), '');
  expect(await readCheckout(root)).toEqual({ commit, dirty: true });
});

test('readCheckout of a copy without a repository reads its file, which names the commit', async () => {
  const root = await directory();
  expect(await readCheckout(root)).toEqual({ commit: 'unknown', dirty: false });
  await writeFile(join(root, CHECKOUT_FILE), '{"commit":"0123456789","dirty":true}\n');
  expect(await readCheckout(root)).toEqual({ commit: '0123456789', dirty: true });
});

test('readCheckout ignores a file that is damaged', async () => {
  const root = await directory();
  await writeFile(join(root, CHECKOUT_FILE), '{"commit":');
  expect(await readCheckout(root)).toEqual({ commit: 'unknown', dirty: false });
});
