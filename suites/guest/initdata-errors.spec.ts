import { describe, expect, initdataDisk, initdataPayload, initdataToml, test } from '../../fixtures/test.ts';

const tags = ['init-data', 'main-rpc', 'virtual-machine', 'guest-exit', 'guest-console'] as const;

const document = (changes: Parameters<typeof initdataToml>[0]): Buffer =>
  initdataDisk(initdataPayload(initdataToml(changes)));
const payload = initdataPayload(initdataToml({}));
/** The payload with another byte in its checksum. */
const changed = Buffer.from(payload.with(-8, (payload.at(-8) ?? 0) ^ 0xff));
const unparsed = (cause: string): RegExp =>
  new RegExp(`^Error: parse initdata failed[\\s\\S]*Caused by:[\\s\\S]*${cause}`, 'm');

/** Disks with invalid initdata, and what the agent prints before it ends. */
const INVALID: readonly (readonly [claim: string, disk: Buffer, prints: RegExp])[] = [
  ['a payload that is no gzip', initdataDisk(Buffer.from('version = "0.1.0"\n')), /^Error: Invalid gzip header/m],
  ['a payload with another checksum', initdataDisk(changed), /^Error: CRC computed does not match/m],
  [
    'a length that cuts the payload',
    initdataDisk(payload, { length: BigInt(payload.length - 9) }),
    /^Error: unexpected end of file/m,
  ],
  ['the length 0', initdataDisk(payload, { length: 0n }), /^Error: unexpected end of file/m],
  ['a length beyond the end of the disk', initdataDisk(payload, { length: 4_096n }), /^Error: early eof/m],
  // The agent allocates the whole length first.
  ['the length 2^64 - 1', initdataDisk(payload, { length: 2n ** 64n - 1n }), /panicked at .*\ncapacity overflow/],
  ['a document that is no TOML', initdataDisk(initdataPayload('version = ')), unparsed('string values must be quoted')],
  ['no version', document({ version: undefined }), unparsed('missing field `version`')],
  ['no algorithm', document({ algorithm: undefined }), unparsed('missing field `algorithm`')],
  ['no table of data', document({ data: undefined }), unparsed('missing field `data`')],
  [
    'a version other than 0.1.0',
    document({ version: '0.2.0' }),
    /^Error: unsupported version: 0\.2\.0, expected: 0\.1\.0/m,
  ],
  [
    'an unknown algorithm',
    document({ algorithm: 'md5' }),
    /^Error: unsupported algorithm: md5, supported algorithms: sha256, sha384, sha512/m,
  ],
  [
    'a policy that is no Rego',
    document({ data: { 'policy.rego': 'no policy' } }),
    /^Error: Failed to set policy from initdata[\s\S]*Missing package declaration/m,
  ],
];

describe('invalid initdata', { tags: [...tags] }, () => {
  test.for(INVALID)('the agent ends at its start if the initdata has %s', async ([_, disk, prints], { launch }) => {
    const problem: unknown = await launch({ machine: { rawDisks: [disk] } }).then(
      () => 'the guest started',
      (error: unknown) => error,
    );
    expect(problem).toMatchObject({ code: 'agent-ended', console: expect.stringMatching(prints) });
  });
});
