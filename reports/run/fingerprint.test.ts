import { expect, test } from 'vitest';
import type { Failure } from '../model.ts';
import { fingerprintOf } from './fingerprint.ts';

const failure = (message: string, at = 'untilStopped fixtures/pod/sandbox-host.ts:65:13'): Failure => ({
  name: 'Error',
  message,
  stack: [at],
});

test.for([
  [
    'sandbox ids, ours and containerd’s',
    'the task of guest-12-3 is forgotten',
    `the task of ${'a1'.repeat(32)} is forgotten`,
  ],
  ['digests', `no sha256:${'0'.repeat(64)}`, `no sha256:${'f'.repeat(64)}`],
  ['numbers', 'not within 240000 ms', 'not within 30000 ms'],
])('failures that differ only in %s have the same fingerprint', ([, one = '', other = '']) => {
  expect(fingerprintOf(failure(one))).toBe(fingerprintOf(failure(other)));
});

test('failures with different messages or throwing functions have different fingerprints', () => {
  const prints = [
    failure('stopped'),
    failure('forgotten'),
    failure('stopped', 'traces helpers/kata/sandbox-resources.ts:1:1'),
  ];
  expect(new Set(prints.map(fingerprintOf)).size).toBe(3);
});
