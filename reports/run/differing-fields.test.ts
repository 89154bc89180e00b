import { expect, test } from 'vitest';
import { processError } from 'vitest/internal/browser';
import { differingFields } from './differing-fields.ts';
import { failureOf } from './failure.ts';
import { fingerprintOf } from './fingerprint.ts';

/** The failure of an assertion as the report has it, from Vitest's own message and diff. */
function failed(assertion: () => void) {
  try {
    assertion();
  } catch (error) {
    return failureOf(processError(error), '/root');
  }
  throw new Error('the assertion holds');
}

const REJECTED = { status: 'internal', answer: 'failed', cause: 'no signature', bundle: undefined, leftover: false };

/** The failure of a spec that expects the rejection of an image. */
const pull = (containerId: string, outcome: object) =>
  failed(() =>
    expect({ containerId, ...REJECTED, ...outcome }).toMatchObject({
      ...REJECTED,
      cause: expect.stringMatching(/^no sig/),
    }),
  );

const ACCEPTED = { status: 'ok', answer: 'busybox:latest', bundle: ['rootfs'] };

test('a rejection with a wrong cause, an accepted image and a leftover bundle have different messages and fingerprints', () => {
  const failures = [{ cause: 'not found' }, ACCEPTED, { bundle: [] }].map((outcome) => pull('ctr-1-2', outcome));
  expect(failures.map(({ message }) => message.split('\n')[0])).toEqual(
    ['cause', 'answer, bundle, status', 'bundle'].map(
      (fields) =>
        `expected { containerId: 'ctr-1-2', …(5) } to match object { status: 'internal', …(4) }: differs in ${fields}`,
    ),
  );
  expect(new Set(failures.map(fingerprintOf)).size).toBe(3);
});

test('the same fault of another run, in which an assertion shows less of a longer container id, has the same fingerprint', () => {
  const failures = ['ctr-1-2', 'ctr-4194303-12', 'ctr-4194303-123', 'ctr-4194303-1234567'].map((id) =>
    pull(id, { cause: `${id} not found` }),
  );
  expect(new Set(failures.map(({ message }) => message)).size).toBe(4);
  expect(new Set(failures.map(fingerprintOf)).size).toBe(1);
});

test('an image that is accepted and one that is rejected by mistake have different fingerprints', () => {
  const { containerId, ...accepted } = { ...REJECTED, ...ACCEPTED, containerId: 'ctr-1-2' };
  const rejected = failed(() => expect({ containerId, ...REJECTED }).toMatchObject(accepted));
  const wrongly = pull(containerId, ACCEPTED);
  expect(rejected.message).toContain('differs in answer, bundle, status');
  expect(wrongly.message).toContain('differs in answer, bundle, status');
  expect(fingerprintOf({ ...rejected, stack: wrongly.stack })).not.toBe(fingerprintOf(wrongly));
});

test.for<[string, unknown, unknown, string]>([
  ['a field in a list of objects', { mounts: [{ source: 'a' }] }, { mounts: [{ source: 'b' }] }, 'mounts.source'],
  ['an element of a list', { args: ['a', 'b'] }, { args: ['a', 'c'] }, 'args'],
  ['a list that is absent', { a: 1, args: ['a', 'b'] }, { a: 1 }, 'args'],
  ['a line of a text', { out: 'a\nb\n"c": 1', last: 1 }, { out: 'a\nx\n"c": 1', last: 1 }, 'out'],
  ['the field after a text of several lines', { out: 'a\nb', z: 1 }, { out: 'a\nb', z: 2 }, 'z'],
  ['two objects, in another order', { b: { c: 1 }, a: 1 }, { a: 2, b: { c: 2 } }, 'a, b.c'],
  ['an entry of a map', { env: new Map([['A', 1]]) }, { env: new Map([['A', 2]]) }, 'env.A'],
  [
    'more fields than are named',
    { a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1, z: 1 },
    { z: 1 },
    'a, b, c, d, e and 2 more',
  ],
  ['the values as a whole', { a: 1 }, new Error('rejected'), ''],
  ['two texts', 'one\ntwo', 'one\nthree', ''],
  ['two lists', [1, 2], [1, 3], ''],
])('differingFields names %s', ([, received, expected, fields]) => {
  expect(differingFields(failed(() => expect(received).toEqual(expected)).diff ?? '')).toBe(fields);
});

test('differingFields names a field far below the name of its object, which the diff leaves out', () => {
  const long = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`k${10 + at}`, at]));
  const { diff = '' } = failed(() => expect({ a: 1, big: long }).toEqual({ a: 2, big: { ...long, k39: 0 } }));
  expect(differingFields(diff)).toBe('a, k39');
});
