import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComponentProgram } from '../../../helpers/contract/component.ts';
import { parseComponentVersion } from '../../../helpers/kata/component-version.ts';
import { GUEST_COMPONENTS } from '../../../helpers/kata/guest-components.ts';
import { GUEST_COMPONENTS_SOURCE } from '../../config/component-source.ts';
import type { ArtefactStep } from '../../step.ts';
import { checkProgram } from '../custom-program.ts';
import { packages } from '../packages.ts';
import {
  buildPrograms,
  describeProgram,
  type ProgramToBuild,
  programInputs,
  readProgram,
} from '../source/component-programs.ts';
import { fetchedSource } from '../source/fetched-source.ts';

/**
 * How upstream builds the programs for a platform without a TEE. Source: ATTESTER=none and features in attestation-agent/Makefile,
 * api-server-rest/Makefile of guest-components.
 */
const PROGRAMS: Readonly<Record<(typeof GUEST_COMPONENTS)[number], Omit<ProgramToBuild, 'name'>>> = {
  'attestation-agent': {
    crate: 'attestation-agent/attestation-agent',
    binary: 'ttrpc-aa',
    features: ['bin', 'ttrpc', 'kbs', 'coco_as', 'rust-crypto'],
    stripped: true,
    duration: 'about 5 minutes',
    changes: ['without the attesters of TEEs (ATTESTER=none): the sample attester makes the evidence'],
  },
  'api-server-rest': {
    crate: 'api-server-rest',
    binary: 'api-server-rest',
    features: [],
    stripped: true,
    duration: 'about a minute',
  },
};

/** Step that provides attestation-agent and api-server-rest for guests: built from guest-components, or the user's own. */
export const guestComponents: ArtefactStep<readonly ComponentProgram[]> = {
  kind: 'artefact',
  id: 'guest-components',
  module: import.meta.url,
  title: 'attestation-agent and api-server-rest',
  feature: 'guest components',
  needs: () => [packages, fetchedSource],
  timeoutMs: 3_600_000,
  inputs(config) {
    const { guestComponents: given = '', guestComponentsBuild: origin } = config;
    if (origin !== undefined) return programInputs(origin, config);
    return {
      files: Object.fromEntries(
        GUEST_COMPONENTS.map((name) => [name, given === 'source' ? undefined : join(given, name)]),
      ),
    };
  },
  async make(directory, context) {
    const { guestComponents: given = '', guestComponentsBuild: origin } = context.config;
    if (origin !== undefined) {
      const programs = GUEST_COMPONENTS.map((name) => ({ ...PROGRAMS[name], name }));
      const from = { component: GUEST_COMPONENTS_SOURCE, origin, setting: 'KATA_GUEST_COMPONENTS' };
      await buildPrograms(directory, programs, from, context);
      return;
    }
    for (const name of GUEST_COMPONENTS) {
      const path = join(given, name);
      const checked = await checkProgram(
        {
          ...{
            name,
            path,
            what: `the ${name} of guest-components`,
            setting: `KATA_GUEST_COMPONENTS=${given}: ${name}`,
          },
          parse: (output) => parseComponentVersion(name, output),
        },
        context.signal,
      );
      await copyFile(path, join(directory, name));
      await describeProgram(directory, checked);
    }
  },
  read: (directory) => Promise.all(GUEST_COMPONENTS.map((name) => readProgram(directory, name))),
};
