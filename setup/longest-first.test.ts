import { expect, test } from 'vitest';
import { byExperience } from './longest-first.ts';

test('what is known to take long is run first, the others in the order they had', () => {
  const files = ['suites/cri/cri', 'suites/agent/debug-console', 'suites/image/pull', 'suites/guest/faults', 'setup/a'];
  expect(byExperience(files, (file) => `${file}.spec.ts`)).toEqual([
    'suites/guest/faults',
    'suites/image/pull',
    'suites/cri/cri',
    'suites/agent/debug-console',
    'setup/a',
  ]);
});
