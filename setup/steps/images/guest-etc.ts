import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { writeGuestEtc } from '../../../fixtures/images/guest-etc.ts';
import type { ArtefactStep } from '../../step.ts';
import { guestRegistries } from '../../target/guest-registries.ts';
import { signatures } from './signatures.ts';

/** The directory in the artefact that becomes the guest's /etc/containers. */
const CONTAINERS = 'containers';

/** The result of the step that builds the guest's /etc/containers. */
export interface GuestEtc {
  /** Id of the built /etc/containers, which changes with every input. */
  readonly id: string;
  readonly etcContainers: string;
}

/** Step that builds the guest's /etc/containers: policies, keys, signatures, registries. */
export const guestEtc: ArtefactStep<GuestEtc> = {
  kind: 'artefact',
  id: 'guest-etc',
  module: import.meta.url,
  title: 'guest /etc/containers',
  needs: () => [signatures],
  timeoutMs: 30_000,
  inputs: (config) => ({
    files: { KATA_POLICY: config.policy },
    values: { ...guestRegistries(config) },
  }),
  async make(directory, { config, result }) {
    const policy = config.policy === undefined ? undefined : await readFile(config.policy, 'utf8');
    await writeGuestEtc(join(directory, CONTAINERS), {
      ...guestRegistries(config),
      signing: result(signatures),
      policy,
    });
  },
  read: (directory) => ({ id: basename(directory), etcContainers: join(directory, CONTAINERS) }),
};
