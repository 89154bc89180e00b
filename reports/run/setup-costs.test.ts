import { expect, test } from 'vitest';
import type { SetupStep } from '../model.ts';
import { setupCostsOf } from './setup-costs.ts';

const step = (id: string, more: Partial<SetupStep>): SetupStep => ({
  ...{ id, title: id, outcome: 'done', startedAt: 0, durationMs: 5 },
  ...more,
});

const BUILT = { outcome: 'done', durationMs: 901_000, buildMs: 900_000 } as const;
const KEPT = { outcome: 'kept', durationMs: 30, buildMs: 900_000 } as const;

test('a run without optional parts has the cost of every run alone', () => {
  expect(setupCostsOf([{ setup: [step('images', KEPT), step('registry', {})] }])).toEqual([
    { part: 'every run', steps: 2, built: 0, fromNothingMs: 900_005, durationMs: 35 },
  ]);
});

test.for([
  ['builds', BUILT, { built: 1, durationMs: 901_000 }],
  ['takes from the cache', KEPT, { built: 0, durationMs: 30 }],
] as const)(
  'the cost of an optional part that a run %s is listed after every run, with that from nothing',
  ([, kbs, cost]) => {
    const setup = [step('kbs', { ...kbs, feature: 'KBS' }), step('registry', {})];
    expect(setupCostsOf([{ setup }])).toEqual([
      { part: 'every run', steps: 1, built: 0, fromNothingMs: 5, durationMs: 5 },
      { part: 'KBS', steps: 1, fromNothingMs: 900_000, ...cost },
    ]);
  },
);

test('the cost from nothing is absent if the duration of a build is unknown', () => {
  const [cost] = setupCostsOf([{ setup: [step('images', { outcome: 'kept', durationMs: 30 })] }]);
  expect(cost).toEqual({ part: 'every run', steps: 1, built: 0, durationMs: 30 });
});

test('the costs of shards are added', () => {
  const setup = [step('kbs', { ...KEPT, feature: 'KBS' })];
  expect(setupCostsOf([{ setup }, { setup }])).toEqual([
    { part: 'KBS', steps: 2, built: 0, fromNothingMs: 1_800_000, durationMs: 60 },
  ]);
});
