import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { expect, onTestFinished, test, vi } from 'vitest';
import { claim } from './claim.ts';

async function claimable(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-claim-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return join(directory, 'claim');
}

test('a second claim of a file waits for the end of the first, and says once that it waits', async () => {
  const file = await claimable();
  const first = await claim(file, { onWait: () => expect.unreachable('nothing to wait for') });
  const onWait = vi.fn<() => void>();
  const second = claim(file, { onWait });
  await expect(Promise.race([second, delay(1_300, 'waits')])).resolves.toBe('waits');
  expect(onWait).toHaveBeenCalledTimes(1);
  await first[Symbol.asyncDispose]();
  await (await second)[Symbol.asyncDispose]();
});

test('a process that is killed gives up its claim', async () => {
  const file = await claimable();
  const program = `
    const { claim } = await import(${JSON.stringify(join(import.meta.dirname, 'claim.ts'))});
    await claim(${JSON.stringify(file)}, { onWait: () => {} });
    console.log('claimed');
    setInterval(() => {}, 1000);`;
  const other = execa(process.execPath, ['--input-type=module', '--eval', program], { reject: false });
  await once(other.stdout, 'data');
  other.kill('SIGKILL');
  await other;
  await (await claim(file, { onWait: () => {} }))[Symbol.asyncDispose]();
});

test('a claim of a file in a directory that does not exist fails with the error of flock', async () => {
  await expect(claim('/nosuch/claim', { onWait: () => {} })).rejects.toThrow(/cannot open lock file \/nosuch\/claim/);
});

test('a claim that waits ends when its signal aborts', async () => {
  const file = await claimable();
  await using _first = await claim(file, { onWait: () => {} });
  const abort = new AbortController();
  const second = claim(file, { onWait: () => abort.abort(), signal: abort.signal });
  await expect(second).rejects.toThrow(/canceled/);
});

test('disposing a claim after an abort does not reject, so that the error of the abort is the one that is reported', async () => {
  const file = await claimable();
  const abort = new AbortController();
  const claimed = await claim(file, { onWait: () => {}, signal: abort.signal });
  abort.abort(new Error('interrupted'));
  await expect(claimed[Symbol.asyncDispose]()).resolves.toBeUndefined();
});
