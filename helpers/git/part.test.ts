import { expect, test } from 'vitest';
import { isInPart, type Listing, type Part, partDigest } from './part.ts';

const BEFORE: Listing = {
  src: '040000 tree a0',
  'src/agent': '040000 tree a1',
  'src/agent/Makefile': '100644 blob a2',
  'src/runtime': '040000 tree b1',
  'src/runtime-rs': '040000 tree c1',
  VERSION: '100644 blob d1',
};

const same = (part: Part, now: Listing): boolean =>
  partDigest(BEFORE, part) === partDigest({ ...BEFORE, ...now }, part);

test('partDigest does not change with paths outside the chosen part of a repository', () => {
  const agentChanged = { src: '040000 tree a9', 'src/agent': '040000 tree a8', 'src/agent/Makefile': '100644 blob a7' };
  expect(same({ without: ['src/agent'] }, agentChanged)).toBe(true);
  expect(same({ of: ['src/runtime', 'VERSION'] }, agentChanged)).toBe(true);
});

test('partDigest changes with a tree, a mode or a new file in the chosen part of a repository', () => {
  for (const part of [{ without: ['src/agent'] }, { of: ['src/runtime', 'VERSION', 'go.work'] }]) {
    expect(same(part, { src: '040000 tree a9', 'src/runtime': '040000 tree b9' }), 'a tree').toBe(false);
    expect(same(part, { VERSION: '100755 blob d1' }), 'a mode').toBe(false);
    expect(same(part, { 'go.work': '100644 blob e1' }), 'a new file').toBe(false);
  }
});

test('partDigest of a repository without src/runtime still includes src/runtime-rs', () => {
  expect(same({ without: ['src/runtime'] }, { src: '040000 tree a9', 'src/runtime-rs': '040000 tree c9' })).toBe(false);
});

test.for([
  ['src/agent/src/rpc.rs', { without: ['src/runtime'] }, true],
  ['src/runtime/go.mod', { without: ['src/runtime'] }, false],
  ['src/runtime-rs/Cargo.toml', { without: ['src/runtime'] }, true],
  ['src', { without: ['src/runtime'] }, true],
  ['src/runtime/go.mod', { of: ['src/runtime', 'VERSION'] }, true],
  ['src', { of: ['src/runtime', 'VERSION'] }, true],
  ['src/agent', { of: ['src/runtime', 'VERSION'] }, false],
] as const)('isInPart of %s and %j is %s', ([path, part, expected]) => {
  expect(isInPart(path, part)).toBe(expected);
});
