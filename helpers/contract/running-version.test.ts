import { expect, test } from 'vitest';
import { versionText } from './running-version.ts';
import { whyTooOld } from './too-old.ts';

const RANGE = { minimum: 'v1.7', latest: 'v2.3' };

test.for([
  ['1.6.20~ds1', 'containerd 1.6.20~ds1 is older than v1.7, the minimum that versions.yaml of this Kata declares'],
  ['1.7.0', undefined],
  ['2.0.0-rc.1', undefined],
  ['2.4.0', undefined],
] as const)('containerd %s with the minimum v1.7 is too old: %s', ([version, why]) => {
  expect(whyTooOld({ program: 'containerd', version, declared: RANGE })).toBe(why);
});

test('a version is not too old for a Kata that declares no minimum', () => {
  expect(whyTooOld({ program: 'containerd', version: '1.0.0' })).toBeUndefined();
  expect(whyTooOld({ program: 'runc', version: '1.0.0', declared: { latest: 'v1.2' } })).toBeUndefined();
});

test('the text of a version says what Kata declares', () => {
  const text = (declared: Parameters<typeof versionText>[0]['declared']): string =>
    versionText({ program: 'containerd', version: '2.3.4', ...(declared === undefined ? {} : { declared }) });
  expect(text(undefined)).toBe('containerd 2.3.4');
  expect(text(RANGE)).toBe('containerd 2.3.4 (Kata declares v1.7 to v2.3)');
  expect(text({ latest: 'v1.2' })).toBe('containerd 2.3.4 (Kata declares up to v1.2)');
  expect(text({ minimum: 'v1.7' })).toBe('containerd 2.3.4 (Kata declares v1.7 or later)');
  expect(text({ named: 'v1.2.0' })).toBe('containerd 2.3.4 (Kata declares v1.2.0)');
});
