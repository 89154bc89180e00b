import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GUEST_COMPONENTS } from '../../../helpers/kata/guest-components.ts';
import type { ArtefactStep } from '../../step.ts';

/** Step that provides attestation-agent and api-server-rest for guests. Its result is the directory with the two programs. */
export const guestComponents: ArtefactStep = {
  kind: 'artefact',
  id: 'guest-components',
  module: import.meta.url,
  title: 'attestation-agent and api-server-rest',
  needs: () => [],
  timeoutMs: 60_000,
  inputs: ({ guestComponents: directory = '' }) => ({
    files: Object.fromEntries(GUEST_COMPONENTS.map((name) => [name, join(directory, name)])),
  }),
  async make(directory, { config: { guestComponents: given = '' } }) {
    for (const name of GUEST_COMPONENTS) await copyFile(join(given, name), join(directory, name));
  },
  read: (directory) => directory,
};
