import { createHash } from 'node:crypto';
import type { Failure, FailureGroup, Test } from '../model.ts';
import { differingFields } from './differing-fields.ts';

/**
 * Parts of a message that vary between occurrences of the same failure: ids, numbers, digests, ports, times, quoted
 * values.
 */
const VARYING: readonly (readonly [RegExp, string])[] = [
  // The received object of an assertion: how much of it is shown depends on the length of its ids.
  [/[{[] .*? [}\]](?= to )/g, '<received>'],
  [/\b(?:guest|ctr|task)-\d+-\d+\b/g, '<id>'],
  [/\bsha256:[0-9a-f]+/g, '<digest>'],
  // Container and sandbox ids, which containerd generates.
  [/\b[0-9a-f]{64}\b/g, '<id>'],
  [/\/run\/kata-cc\/[0-9a-f]+/g, '<run>'],
  [/\b[0-9a-f]{8,}\b/gi, '<hex>'],
  [/\d+/g, '<n>'],
];

/** Longest line that is read, in characters. */
const LONGEST = 4_000;

/** A failure's message without the parts that vary from run to run. */
export function normalized(message: string): string {
  const [line = ''] = message.split('\n');
  return VARYING.reduce((text, [pattern, name]) => text.replaceAll(pattern, name), line.slice(0, LONGEST)).slice(
    0,
    300,
  );
}

/**
 * Fingerprint of a failure: eight hex digits, equal for failures with the same error name and code, message, throwing
 * function, and fields that differ from the expected ones.
 */
export function fingerprintOf({ code, diff = '', message, name, stack }: Failure): string {
  const [frame = ''] = stack;
  const where = frame.replace(/:\d+:\d+$/, '');
  const fields = normalized(differingFields(diff));
  return createHash('sha256')
    .update([name, code ?? '', normalized(message), where, ...(fields === '' ? [] : [fields])].join('\0'))
    .digest('hex')
    .slice(0, 8);
}

/** Groups failed tests by fingerprint; the largest group first. */
export function groupFailures(tests: readonly Test[]): FailureGroup[] {
  const groups = new Map<string, FailureGroup>();
  for (const test of tests) {
    const [failure] = test.failures;
    if (test.outcome !== 'failed' || test.fingerprint === undefined || failure === undefined) continue;
    const known = test.knownIssue === undefined ? {} : { knownIssue: test.knownIssue };
    const [title = ''] = failure.message.split('\n');
    const group = groups.get(test.fingerprint) ?? { fingerprint: test.fingerprint, title, tests: [], ...known };
    group.tests.push(test.id);
    groups.set(test.fingerprint, group);
  }
  return [...groups.values()].sort((a, b) => b.tests.length - a.tests.length);
}
