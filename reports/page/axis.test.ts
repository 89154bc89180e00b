import { expect, test } from 'vitest';
import type { ConsoleLine } from '../../helpers/guest-console/parse.ts';
import { layOut } from './axis.ts';

const line = (message: string, at: number | undefined): ConsoleLine => ({ at, level: 'info', from: 'agent', message });

test("console lines on the report's time axis keep their order and distances if the guest's clock is set back", () => {
  const lines = [line('one', 1_000), line('back', -3_600_000), line('no time', undefined), line('later', -3_599_900)];
  const said = lines.map((own) => ({ guest: 'g', line: own }));
  const axis = layOut([], said, 900);
  expect(axis.lines.map(({ at, line: { message } }) => [message, at])).toEqual([
    ['one', 1_000],
    ['back', 1_000],
    ['no time', 1_000],
    ['later', 1_100],
  ]);
});

test("the report's time axis places a console line without a time stamp at the test's start, not at the time of another guest's line", () => {
  const said = [
    { guest: 'a', line: line('one', 5_000) },
    { guest: 'b', line: line('two', undefined) },
  ];
  expect(layOut([], said, 900).lines.map(({ at, guest }) => [guest, at])).toEqual([
    ['b', 900],
    ['a', 5_000],
  ]);
});
