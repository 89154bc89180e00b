import { expect, test } from 'vitest';
import { leavesFirst, parseSnapshots } from './snapshots.ts';

const LISTED = `KEY                 PARENT              KIND
sha256:aa                               Committed
c0ffee              sha256:bb           Active
sha256:bb           sha256:aa           Committed
`;

test('parseSnapshots reads the key and the parent of each snapshot', () => {
  expect(parseSnapshots(LISTED)).toEqual([
    { key: 'sha256:aa' },
    { key: 'c0ffee', parent: 'sha256:bb' },
    { key: 'sha256:bb', parent: 'sha256:aa' },
  ]);
  expect(parseSnapshots('KEY PARENT KIND\n')).toEqual([]);
});

test('leavesFirst has each snapshot before its parent', () => {
  expect(leavesFirst(parseSnapshots(LISTED))).toEqual(['c0ffee', 'sha256:bb', 'sha256:aa']);
});
