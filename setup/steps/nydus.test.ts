import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AS_ROOT, testWhere } from '../../helpers/contract/run-where.ts';
import { NYDUS_PROGRAMS } from '../../helpers/nydus/snapshotter.ts';
import { loadConfig } from '../config/config.ts';
import { withTarget } from '../config/validated.ts';
import { plan } from '../plan.ts';
import { checkNydus } from './custom-nydus.ts';

const SIGNAL = AbortSignal.timeout(60_000);
const PRINTS_VERSION = 'printf "Version:     v0.15.15\\nRevision:    c2f1c15\\n"';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-nydus-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** A directory whose snapshotter runs a shell script, and whose mount helper exists. */
async function scripted(script: string): Promise<string> {
  for (const name of NYDUS_PROGRAMS) {
    await writeFile(join(directory, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(directory, name), 0o755);
  }
  return directory;
}

test('a KATA_NYDUS that is another program is rejected in one line', async () => {
  await expect(checkNydus(await scripted('echo containerd v1.7'), SIGNAL)).rejects.toThrow(
    `KATA_NYDUS=${directory}: it is not a containerd-nydus-grpc of nydus-snapshotter: --version prints "containerd v1.7"`,
  );
});

testWhere(AS_ROOT)('a KATA_NYDUS that ends when it is started is rejected with the last line of its log', async () => {
  const ends = `[ "$1" = --version ] && { ${PRINTS_VERSION}; exit; }\necho "cannot open database"; exit 1`;
  await expect(checkNydus(await scripted(ends), SIGNAL)).rejects.toThrow(
    `KATA_NYDUS=${directory}: it ends when it is started in proxy mode: cannot open database`,
  );
});

testWhere(AS_ROOT)('a KATA_NYDUS that does not answer on its socket is rejected', async () => {
  const hangs = `[ "$1" = --version ] && { ${PRINTS_VERSION}; exit; }\nexec sleep 60`;
  await expect(checkNydus(await scripted(hangs), SIGNAL)).rejects.toThrow(
    `KATA_NYDUS=${directory}: it does not answer on its socket within 5 s`,
  );
});

test.for([
  [{ KATA_PULL: 'nydus' }, 'artefact'],
  [{ KATA_PULL: 'nydus', KATA_BUNDLE: '/tmp' }, undefined],
  [{ KATA_PULL: 'force' }, undefined],
  [{}, undefined],
] as const)('the plan of target kata with %j has nydus-snapshotter as: %s', ([environment, kind]) => {
  const steps = plan(withTarget('kata', loadConfig({ KATA_CDH: '/bin/true', ...environment })));
  expect(steps.find(({ id }) => id === 'nydus-snapshotter')?.kind).toBe(kind);
});
