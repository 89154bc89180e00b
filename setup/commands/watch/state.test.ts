import { expect, test } from 'vitest';
import { AT_START, type Effect, next, type WatchEvent, type WatchState } from './state.ts';
import { because, type Wanted } from './what-runs.ts';

const SAVED = { type: 'source saved' } as const;
const FAILED = { type: 'built' } as const;
const CANCELLED = { type: 'cancelled' } as const;
const built = (...files: string[]): WatchEvent => ({ type: 'built', wanted: because(files, 'changed') });
const specs = (...files: string[]): WatchEvent => ({ type: 'specs saved', wanted: because(files, 'saved') });
const requested = (...files: string[]): WatchEvent => ({ type: 'requested', wanted: because(files, 'key') });
const ended = (...files: string[]): WatchEvent => ({ type: 'ended', unfinished: because(files, 'before') });
const unusable = (...files: string[]): WatchEvent => ({ ...ended(...files), broken: true }) as WatchEvent;

/** Effects of events, with the files of runs. */
function effectsOf(events: readonly WatchEvent[]): readonly string[] {
  let state: WatchState = AT_START;
  return events.flatMap((event) => {
    const [after, effects] = next(state, event);
    state = after;
    return effects.map(shown);
  });
}

function shown(effect: Effect): string {
  const wanted: Wanted | undefined = typeof effect === 'string' ? undefined : effect.run;
  return wanted === undefined ? String(effect) : `run ${[...wanted.keys()].join(' ')}`;
}

test.for([
  ['a saved file of the agent is built, and then specs run', [SAVED, built('a')], ['build', 'run a']],
  ['nothing runs after a failed build', [SAVED, FAILED], ['build']],
  [
    'files saved during a build abort it once, and the last state is built',
    [SAVED, SAVED, SAVED, FAILED, built('a')],
    ['build', 'abort build', 'build', 'run a'],
  ],
  [
    'a file of the agent saved during a run cancels it, and what it did not finish runs after the build',
    [SAVED, built('a', 'b'), SAVED, ended('b'), built('c')],
    ['build', 'run a b', 'cancel run', 'build', 'run c b'],
  ],
  ['a saved spec runs without a build', [SAVED, built(), specs('s')], ['build', 'run s']],
  ['a spec saved during a build runs after it', [SAVED, specs('s'), built('a')], ['build', 'run a s']],
  ['a spec saved during a run runs after it', [SAVED, built('a'), specs('s'), ended()], ['build', 'run a', 'run s']],
  [
    'a spec saved after a failed build waits for a build',
    [SAVED, FAILED, specs('s'), SAVED, built()],
    ['build', 'build', 'run s'],
  ],
  [
    'a spec saved during a run that cannot be followed by a run waits',
    [SAVED, FAILED, requested('a'), specs('s'), ended()],
    ['build', 'run a'],
  ],
  ['a request runs even after a failed build', [SAVED, FAILED, requested('a')], ['build', 'run a']],
  ['a request during a build that fails does not run', [SAVED, requested('a'), FAILED], ['build']],
  ['a request during a build runs after it', [SAVED, requested('a'), built('b')], ['build', 'run b a']],
  [
    'a request during a run replaces the run',
    [SAVED, built('a', 'b'), requested('c'), ended('b')],
    ['build', 'run a b', 'cancel run', 'run c'],
  ],
  [
    'a run whose agent does not start is followed by nothing until there is another agent',
    [SAVED, built('a'), unusable('a'), specs('s'), SAVED, built('b')],
    ['build', 'run a', 'build', 'run b a s'],
  ],
  ['a cancelled run is dropped', [SAVED, built('a'), CANCELLED, ended('a')], ['build', 'run a', 'cancel run']],
  [
    'a cancelled build is dropped, with what waited for it',
    [SAVED, specs('s'), CANCELLED, FAILED],
    ['build', 'abort build'],
  ],
  ['cancelling does nothing if nothing is going on', [SAVED, built(), CANCELLED, specs('s')], ['build', 'run s']],
] as const)('in watch mode, %s', ([_, events, expected]) => {
  expect(effectsOf(events)).toEqual(expected);
});
