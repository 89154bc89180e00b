import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeGuestEtc } from '../../fixtures/guest-etc.ts';
import type { ServiceStep } from '../step.ts';
import { GUEST_REGISTRIES } from './registry.ts';
import { signatures } from './signatures.ts';

/** A guest's /etc/containers: policies, keys, signatures, registries. */
export const guestEtc: ServiceStep<string> = {
  kind: 'service',
  id: 'guest-etc',
  title: "the guest's policy, keys and signatures",
  needs: [signatures],
  timeoutMs: 30_000,
  async start({ config, result, runDir }) {
    const directory = join(runDir, 'etc-containers');
    const policy = config.policy === undefined ? undefined : await readFile(config.policy, 'utf8');
    await writeGuestEtc(directory, { ...GUEST_REGISTRIES, signing: result(signatures), policy });
    return directory;
  },
};
