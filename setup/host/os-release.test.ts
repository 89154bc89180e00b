import { expect, test } from 'vitest';
import { parseOsRelease, readOsRelease } from './os-release.ts';

test.for([
  ['without quotes', 'ID=debian\nVERSION_CODENAME=bookworm\n', 'debian', 'bookworm'],
  ['in double quotes', 'PRETTY_NAME="A \\"B\\""\nID="ubuntu"\nVERSION_CODENAME="noble"', 'ubuntu', 'noble'],
  ['in single quotes', "ID='debian'\nVERSION_CODENAME='trixie'\n", 'debian', 'trixie'],
  ['with digits and dashes, and no codename', 'ID=opensuse-leap\nID_LIKE="suse"\n', 'opensuse-leap', 'unknown'],
  ['empty', 'VERSION_CODENAME=\nVERSION_ID="13"\nID=debian\n', 'debian', 'unknown'],
  ['absent', '# nothing\n', 'unknown', 'unknown'],
] as const)('parseOsRelease reads an os-release with values %s', ([, text, id, codename]) => {
  expect(parseOsRelease(text)).toEqual({ id, codename });
});

test('readOsRelease names the distribution of this machine', async () => {
  expect((await readOsRelease()).id).not.toBe('unknown');
});
