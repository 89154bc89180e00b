import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PROPERTIES } from './properties.ts';

test.for(PROPERTIES)('the fuzz property holds: $name', async ({ property, runs }) => {
  await fc.assert(property, { numRuns: runs });
});

test('control: fast-check finds the input with a zero byte that violates a property', () => {
  const broken = fc.property(fc.uint8Array({ minLength: 1, maxLength: 20 }), (any) => !any.includes(0));
  expect(fc.check(broken, { numRuns: 2_000 })).toMatchObject({ failed: true, counterexample: [new Uint8Array([0])] });
});
