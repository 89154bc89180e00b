import { expect, test } from 'vitest';
import { parseComponentVersion } from './component-version.ts';

test.for([
  [
    'attestation-agent',
    'attestation-agent v0.21.0-304c21f2 (dirty)\nsupported attesters: SAMPLE\n',
    'v0.21.0-304c21f2 (dirty)',
  ],
  ['api-server-rest', 'api-server-rest Guest Components Version: v0.21.0-82-g304c21f2\n\n', 'v0.21.0-82-g304c21f2'],
  ['api-server-rest', 'api-server-rest Guest Components Version: \n', ''],
] as const)('parseComponentVersion reads the version of %s from %j', ([name, output, version]) => {
  expect(parseComponentVersion(name, output)).toBe(version);
});

test.for(['', 'attestation-agent\n', 'true (GNU coreutils) 9.1\n', 'attestation-agent-nv v1\n'])(
  'parseComponentVersion takes %j for the output of another program than attestation-agent',
  (output) => {
    expect(parseComponentVersion('attestation-agent', output)).toBeUndefined();
  },
);
