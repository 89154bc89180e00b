import { expect, test } from 'vitest';
import { byExperience } from './sequencer.ts';

test('the test sequencer puts failed spec files first, then slow ones, and keeps the order of the others', () => {
  const files = [
    ...['suites/cri/cri', 'suites/agent/debug-console', 'suites/cri/failed', 'suites/image/pull'],
    ...['suites/guest/faults', 'setup/a'],
  ];
  const hasFailed = (file: string): boolean => file.endsWith('failed');
  expect(byExperience(files, (file) => `${file}.spec.ts`, hasFailed)).toEqual([
    'suites/cri/failed',
    'suites/guest/faults',
    'suites/image/pull',
    'suites/cri/cri',
    'suites/agent/debug-console',
    'setup/a',
  ]);
});
