import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseProcessStat } from './stat.ts';

const FIELDS = 'S 12 13 14 34817 15 4194304 1 2 3 4 50 60 7 8 20 0 1 0 98765 1000 200';

test.for(['bash', 'a b', 'a) S 99 (b', ') Z 1', '(', ')))'])(
  'parseProcessStat parses the stat of a program named %j',
  (name) => {
    expect(parseProcessStat(`10 (${name}) ${FIELDS}\n`)).toEqual({
      ...{ name, state: 'S', parent: 12, terminal: 34817, ticks: 110, startTime: '98765' },
    });
  },
);

test("parseProcessStat reads this process's parent and start time from /proc/self/stat", () => {
  const stat = parseProcessStat(readFileSync('/proc/self/stat', 'utf8'));
  const [parent, name] = execFileSync('ps', ['-o', 'ppid=,comm=', '-p', String(process.pid)], { encoding: 'utf8' })
    .trim()
    .split(/\s(.*)/);
  expect(stat).toMatchObject({ parent: Number(parent), name, state: 'R' });
  expect(Number(stat.startTime)).toBeGreaterThan(0);
});
