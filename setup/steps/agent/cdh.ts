import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileExists } from '../../../helpers/files.ts';
import { GUEST_COMPONENTS_SOURCE } from '../../config/component-source.ts';
import type { ArtefactStep } from '../../step.ts';
import { packages } from '../packages.ts';
import { buildPrograms, type ProgramToBuild, programInputs } from '../source/component-programs.ts';
import { fetchedSource } from '../source/fetched-source.ts';

/** File name of the CDH in its artefact. */
const BINARY = 'confidential-data-hub';

/**
 * The program with the ttrpc interface that agents use, with the features that upstream ships; signatures and decryption are features
 * that its crate image-rs always has. Left out is the resource provider sev, for secrets of AMD SEV's firmware. Source:
 * RPC, RESOURCE_PROVIDER and KMS_PROVIDER in confidential-data-hub/Makefile of guest-components.
 */
const PROGRAM: ProgramToBuild = {
  crate: 'confidential-data-hub/hub',
  binary: 'ttrpc-cdh',
  name: BINARY,
  features: ['bin', 'ttrpc', 'kbs', 'aliyun'],
  duration: 'about 15 minutes',
};

/**
 * Step that provides the CDH for guests: built from guest-components, or the user's own. Its result is the path of the
 * CDH; `undefined` if `KATA_CDH` is unset.
 */
export const cdh: ArtefactStep<string | undefined> = {
  kind: 'artefact',
  id: 'cdh',
  module: import.meta.url,
  title: 'CDH (confidential-data-hub)',
  needs: () => [packages, fetchedSource],
  timeoutMs: 3_600_000,
  inputs(config) {
    const { cdh: wanted, cdhBuild } = config;
    if (cdhBuild !== undefined) return programInputs(cdhBuild, config);
    return { files: { KATA_CDH: wanted === 'source' ? undefined : wanted } };
  },
  async make(directory, context) {
    const { cdh: wanted, cdhBuild: origin } = context.config;
    if (origin !== undefined) {
      const from = { component: GUEST_COMPONENTS_SOURCE, origin, setting: 'KATA_CDH' };
      await buildPrograms(directory, [PROGRAM], from, context);
    } else if (wanted !== undefined && wanted !== 'source') await copyFile(wanted, join(directory, BINARY));
  },
  async read(directory) {
    const binary = join(directory, BINARY);
    return (await fileExists(binary)) ? binary : undefined;
  },
};
