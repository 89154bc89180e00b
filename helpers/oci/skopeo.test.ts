import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { whyPolicyFails } from './skopeo.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-policy-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const SIGSTORE = { type: 'sigstoreSigned', keyPath: '/etc/key.pub' };
test.for<[what: string, requirement: object, why: RegExp | undefined]>([
  ['that rejects everything', { type: 'reject' }, undefined],
  ['with keys that are not on this machine', { type: 'signedBy', keyType: 'GPGKeys', keyPath: '/no/key' }, undefined],
  [
    'with a key that no skopeo knows',
    { ...SIGSTORE, ofTomorrow: {} },
    /^skopeo .* cannot load it \([^/]*"ofTomorrow"\)/,
  ],
])('whyPolicyFails reports whether skopeo can load an image policy %s', async ([, requirement, why]) => {
  const file = join(directory, 'policy.json');
  await writeFile(file, JSON.stringify({ default: [requirement] }));
  const problem = await whyPolicyFails(file);
  if (why === undefined) expect(problem).toBeUndefined();
  else expect(problem).toMatch(why);
});
