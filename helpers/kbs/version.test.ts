import { expect, test } from 'vitest';
import { parseKbsVersion } from './version.ts';

const WELCOME = 'INFO kbs: Welcome to Confidential Containers Key Broker Service!\n\nversion: v0.2.0\n';

test('parseKbsVersion reads the version after the welcome of a KBS', () => {
  expect(parseKbsVersion(`${WELCOME}kbs 0.2.0\n`)).toBe('0.2.0');
});

test.for(['', 'kbs 0.2.0\n', WELCOME, 'GNU coreutils 9.1\n'])(
  'parseKbsVersion takes %j for the output of another program',
  (output) => {
    expect(parseKbsVersion(output)).toBeUndefined();
  },
);
