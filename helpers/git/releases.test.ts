import { expect, test } from 'vitest';
import { isReleaseLine, newestOf } from './releases.ts';

const TAGS = ['v1.7.9', 'v1.7.34', 'v1.7.35-rc.1', 'v1.70.1', 'v2.3.0', 'v2.3.1-beta.0', 'api/v1.7.99', 'v2.4.0-rc.0'];

test.for([
  ['v1.7', 'v1.7.34'],
  ['1.7', 'v1.7.34'],
  ['v2.3', 'v2.3.0'],
  ['v2.4', undefined],
  ['v1', undefined],
] as const)('the newest release of %s is %s', ([line, tag]) => {
  expect(newestOf(line, TAGS)).toBe(tag);
});

test.for([
  ['v2.3', true],
  ['1.7', true],
  ['v2.3.4', false],
  ['release/2.3', false],
  ['main', false],
] as const)('%s names a line of releases: %s', ([version, line]) => {
  expect(isReleaseLine(version)).toBe(line);
});
