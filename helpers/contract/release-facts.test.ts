import { expect, test } from 'vitest';
import { RELEASE_FACTS, type ReleaseFact, whyNotInRelease } from './release-facts.ts';

const FACT: ReleaseFact = { since: '3.2.0', until: '4.0.0', what: 'GetFoo', source: '0123456789' };

test.for([
  ['3.1.3', 'since 3.2.0 (GetFoo); the agent is 3.1.3'],
  ['3.2.0-alpha4', 'since 3.2.0 (GetFoo); the agent is 3.2.0-alpha4'],
  ['3.2.0', undefined],
  ['3.20.0', undefined],
  ['4.0.0', 'until 4.0.0 (GetFoo); the agent is 4.0.0'],
  ['stand-in', undefined],
] as const)('whyNotInRelease with version %s is %j', ([version, why]) => {
  expect(whyNotInRelease(FACT, version)).toBe(why);
});

test.for([
  ['3.7.0', undefined],
  ['3.8.0', 'until 3.8.0 and since 3.32.0 (GetFoo); the agent is 3.8.0'],
  ['3.31.0', 'until 3.8.0 and since 3.32.0 (GetFoo); the agent is 3.31.0'],
  ['3.32.0', undefined],
] as const)(
  'whyNotInRelease of a fact that was lost with 3.8.0 and restored with 3.32.0, asked for version %s, is %j',
  ([version, why]) => {
    expect(whyNotInRelease({ ...FACT, until: '3.8.0', since: '3.32.0' }, version)).toBe(why);
  },
);

test.for(Object.entries<ReleaseFact>(RELEASE_FACTS))(
  'the fact %s names releases and commits',
  ([, { since, source, until }]) => {
    for (const release of [since, until]) expect(release ?? '1.2.3').toMatch(/^\d+\.\d+\.\d+$/);
    expect(since ?? until).toBeDefined();
    expect(source).toMatch(/^[0-9a-f]{10}(, [0-9a-f]{10})*$/);
  },
);
