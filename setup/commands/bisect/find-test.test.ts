import { expect, test } from 'vitest';
import { requireTest } from './find-test.ts';

const SPEC = 'suites/agent/stats.spec.ts';

/** Time for Vitest to read a spec file on a busy machine. */
const TIMEOUT_MS = 60_000;

test.for([
  ['suites/none.spec.ts', [], 'no test of suites/none.spec.ts; expected a spec file below suites/'],
  ['README.md', [], 'no test of README.md; expected a spec file below suites/'],
  [
    SPEC,
    ['-t', 'no such claim'],
    `no test of ${SPEC} matches -t no such claim; expected a spec file below suites/ and a part of a test's name`,
  ],
] as const)('requireTest rejects %s with the arguments %j', { timeout: TIMEOUT_MS }, async ([file, args, message]) => {
  const failure = requireTest(file, args, new AbortController().signal);
  await expect(failure).rejects.toThrow(expect.objectContaining({ message }));
});

test('requireTest accepts a spec file with tests', { timeout: TIMEOUT_MS }, async () => {
  await requireTest(SPEC, [], new AbortController().signal);
});
