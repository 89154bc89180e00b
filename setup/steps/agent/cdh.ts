import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComponentProgram } from '../../../helpers/contract/component.ts';
import { parseComponentVersion } from '../../../helpers/kata/component-version.ts';
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

/** File name of the CDH in its artefact. */
const BINARY = 'confidential-data-hub';

/**
 * The program with the ttrpc interface that agents use, with the features that upstream ships; signatures and decryption are features
 * that its crate image-rs always has. Source: RPC, RESOURCE_PROVIDER and KMS_PROVIDER in confidential-data-hub/Makefile of guest-components.
 */
const PROGRAM: ProgramToBuild = {
  crate: 'confidential-data-hub/hub',
  binary: 'ttrpc-cdh',
  name: BINARY,
  features: ['bin', 'ttrpc', 'kbs', 'aliyun'],
  stripped: true,
  duration: 'about 15 minutes',
  changes: ["without the resource provider sev, for secrets of AMD SEV's firmware"],
};

/** Step that provides the CDH for guests: built from guest-components, or the user's own. */
export const cdh: ArtefactStep<ComponentProgram> = {
  kind: 'artefact',
  id: 'cdh',
  module: import.meta.url,
  title: 'CDH (confidential-data-hub)',
  feature: 'CDH',
  needs: () => [packages, fetchedSource],
  timeoutMs: 3_600_000,
  inputs(config) {
    const { cdh: wanted, cdhBuild } = config;
    if (cdhBuild !== undefined) return programInputs(cdhBuild, config);
    return { files: { KATA_CDH: wanted === 'source' ? undefined : wanted } };
  },
  async make(directory, context) {
    const { cdh: path = '', cdhBuild: origin } = context.config;
    if (origin !== undefined) {
      const from = { component: GUEST_COMPONENTS_SOURCE, origin, setting: 'KATA_CDH' };
      await buildPrograms(directory, [PROGRAM], from, context);
    } else {
      const checked = await checkProgram(
        {
          ...{ name: BINARY, path, what: 'a confidential-data-hub', setting: `KATA_CDH=${path}`, olderToo: true },
          parse: (output) => parseComponentVersion(BINARY, output),
        },
        context.signal,
      );
      await copyFile(path, join(directory, BINARY));
      await describeProgram(directory, checked);
    }
  },
  read: (directory) => readProgram(directory, BINARY),
};
