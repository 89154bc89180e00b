import { expect, test } from 'vitest';
import { TIME_LIMITS, type TimeLimit, within } from './time-limits.ts';

const NAMES = Object.keys(TIME_LIMITS) as TimeLimit[];

test('within multiplies a limit by slow once and passes the signal on', () => {
  const { signal } = new AbortController();
  expect(within({ slow: 8 }, 'console', signal)).toEqual({ timeoutMs: 8 * TIME_LIMITS.console, signal });
});

test('no limit is longer than that of a spec, whose error explains less', () => {
  expect(NAMES.filter((name) => TIME_LIMITS[name] > TIME_LIMITS.spec)).toEqual([]);
});
