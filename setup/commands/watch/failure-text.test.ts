import { expect, test } from 'vitest';
import { ProvisionError } from '../../../helpers/errors.ts';
import { ExecError } from '../../../helpers/process/exec.ts';
import { failureText } from './failure-text.ts';

const setUpFailed = (cause: Error): Error =>
  new ProvisionError('provision', `set-up failed: ${cause.message}`, { cause });
const COMPILER = setUpFailed(new ExecError('exited with 101', ['/bin/cargo', 'build'], { stderr: 'error: no\n' }));
const AGENT = setUpFailed(new ProvisionError('first-guest', 'the agent ended'));
const OTHER = setUpFailed(new Error('disk full'));

test.for([
  ['an error of the compiler', COMPILER, true, /^\nerror: no\n\nthe agent does not compile: nothing runs/],
  [
    'an agent that does not start',
    AGENT,
    true,
    /^\nset-up failed: the agent ended\n\nthere is no new agent: nothing runs/,
  ],
  [
    'any failure after the first set-up',
    OTHER,
    false,
    /^\nset-up failed: disk full\n\nthere is no new agent: nothing runs/,
  ],
] as const)('a watch waits after %s', ([_, error, first, expected]) => {
  expect(failureText(error, { first })).toMatch(expected);
});

test('a watch does not wait after another failure of the first set-up', () => {
  expect(failureText(OTHER, { first: true })).toBeUndefined();
});
