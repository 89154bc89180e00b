import { expect, test } from 'vitest';
import { planTrials, type Trial } from './trials.ts';

type Candidates = Readonly<Record<string, readonly string[]>>;

const plan = (candidates: Candidates) =>
  planTrials(
    new Map(
      Object.entries(candidates).map(([mute, tests]) => [mute, tests.map((test) => ({ test, durationMs: 100 }))]),
    ),
  );

/** Runs all trials with tests that fail without the methods and fields that they prove; returns the trials by round. */
function runAll(candidates: Candidates, proves: Candidates) {
  const trials = plan(candidates);
  const rounds: Trial[][] = [];
  for (let next = trials.next(); next.length > 0; next = trials.next()) {
    rounds.push([...next]);
    for (const trial of next)
      trials.take(
        trial,
        trial.mutes.some((mute) => proves[trial.test]?.includes(mute)),
      );
  }
  return { rounds, proved: Object.fromEntries(trials.proved), open: trials.open };
}

test('each method and field is first withheld alone, in different tests at once', () => {
  const { rounds } = runAll({ a: ['one', 'two'], b: ['one', 'two'] }, { one: ['a', 'b'], two: ['a', 'b'] });
  expect(rounds).toEqual([
    [
      { test: 'one', mutes: ['a'] },
      { test: 'two', mutes: ['b'] },
    ],
  ]);
});

test('a method or field with one candidate is withheld in it, and others give way', () => {
  const { rounds } = runAll({ any: ['one', 'two'], only: ['one'] }, { one: ['any', 'only'], two: ['any'] });
  expect(rounds).toEqual([
    [
      { test: 'one', mutes: ['only'] },
      { test: 'two', mutes: ['any'] },
    ],
  ]);
});

test('planTrials withholds a mute that its first test does not notice together with others in all other tests, and finds it by halves', () => {
  const all = ['one', 'two', 'three', 'four'];
  const candidates = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`mute ${at}`, all]));
  const { open, proved, rounds } = runAll(candidates, { four: ['mute 8'] });
  expect(proved).toEqual({ 'mute 8': 'four' });
  expect(open).toHaveLength(39);
  // One by one, it would take 160 trials.
  expect(rounds.flat().length).toBeLessThan(60);
});

test('only a test that fails with one thing withheld proves it', () => {
  const trials = plan({ a: ['one'], b: ['two'], c: ['one', 'two'] });
  for (let next = trials.next(); next.length > 0; next = trials.next())
    for (const trial of next) trials.take(trial, trial.mutes.length > 1);
  expect([...trials.proved]).toEqual([]);
});

test('planTrials tries every candidate of a mute that no test notices, alone or together with others', () => {
  const candidates = { a: ['one', 'two', 'three'], b: ['two', 'three'], c: ['three'] };
  const { rounds } = runAll(candidates, {});
  const tried = rounds.flat().flatMap(({ mutes, test }) => mutes.map((mute) => `${mute} ${test}`));
  expect(tried.sort()).toEqual(
    Object.entries(candidates)
      .flatMap(([mute, tests]) => tests.map((test) => `${mute} ${test}`))
      .sort(),
  );
});

test('planTrials withholds no mute again that a test has proved', () => {
  const { proved, rounds } = runAll(
    { a: ['one', 'two', 'three'], b: ['one', 'two', 'three'], c: ['one', 'two', 'three'] },
    { one: ['a'], two: ['b'], three: ['c'] },
  );
  expect(rounds).toHaveLength(1);
  expect(proved).toEqual({ a: 'one', b: 'two', c: 'three' });
});

test('a method or field without a candidate is not tried', () => {
  expect(runAll({ a: [] }, {})).toEqual({ rounds: [], proved: {}, open: [] });
});
