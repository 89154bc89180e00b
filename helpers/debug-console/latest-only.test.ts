import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { latestOnly } from './latest-only.ts';

test('latestOnly runs calls one after another and skips those whose value a later one replaces', async () => {
  const said: string[] = [];
  const tell = latestOnly(async (size: string) => {
    said.push(`${size} begun`);
    await delay(size === 'first' ? 50 : 0);
    said.push(`${size} done`);
  });
  const first = tell('first');
  await Promise.resolve();
  await Promise.all([first, tell('second'), tell('third')]);
  expect(said).toEqual(['first begun', 'first done', 'third begun', 'third done']);
});

test('latestOnly rejects a failing call to its caller and runs the next call', async () => {
  const tell = latestOnly((size: string) => (size === 'bad' ? Promise.reject(new Error('no')) : Promise.resolve()));
  const bad = tell('bad');
  await expect(bad).rejects.toThrow('no');
  await expect(tell('good')).resolves.toBeUndefined();
});
