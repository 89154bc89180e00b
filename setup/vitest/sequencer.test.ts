import { expect, test } from 'vitest';
import { byExperience } from './sequencer.ts';

test('the test sequencer puts slow spec files first and keeps the order of the others', () => {
  const files = ['suites/cri/cri', 'suites/agent/debug-console', 'suites/image/pull', 'suites/guest/faults', 'setup/a'];
  expect(byExperience(files, (file) => `${file}.spec.ts`)).toEqual([
    'suites/guest/faults',
    'suites/image/pull',
    'suites/cri/cri',
    'suites/agent/debug-console',
    'setup/a',
  ]);
});
