import { join } from 'node:path';
import type { ComponentProgram } from '../../helpers/contract/component.ts';
import { NYDUS_PROGRAMS } from '../../helpers/nydus/snapshotter.ts';
import { nydusSource } from '../config/nydus-source.ts';
import { buildsNydus, type NydusSettings, usesNydus } from '../config/pins.ts';
import type { NydusOrigin } from '../config/resolved.ts';
import type { ArtefactStep, ServiceStep } from '../step.ts';
import { checkNydus } from './custom-nydus.ts';
import { optionalProgram } from './optional-program.ts';
import { packages } from './packages.ts';
import { readProgram } from './source/component-programs.ts';
import { fetchedSource } from './source/fetched-source.ts';
import { buildGoPrograms, type GoPrograms, goProgramInputs, isRelease } from './source/go-programs.ts';

const ID = 'nydus-snapshotter';
const TITLE = 'nydus-snapshotter';
const [SNAPSHOTTER] = NYDUS_PROGRAMS;

const PROGRAMS: GoPrograms<NydusOrigin> = {
  project: ID,
  setting: 'KATA_NYDUS',
  programs: NYDUS_PROGRAMS,
  mark: join('cmd', SNAPSHOTTER),
  find: nydusSource,
  versionOf: async (_, { id, revision }) => (isRelease(revision) ? revision : id.slice(0, 10)),
  variable: 'CGO_ENABLED=0',
  change: 'with CGO_ENABLED=0, as upstream’s static release',
  targets: ['build'],
};

/** Step that builds nydus-snapshotter with its makefile. */
export const builtNydus: ArtefactStep<ComponentProgram> = {
  kind: 'artefact',
  id: ID,
  module: import.meta.url,
  title: TITLE,
  feature: ID,
  needs: () => [packages, fetchedSource],
  timeoutMs: 1_800_000,
  inputs: (config) => goProgramInputs(config.nydusBuild, config),
  make: (directory, context) => buildGoPrograms(directory, context.config.nydusBuild, PROGRAMS, context),
  read: (directory) => readProgram(directory, SNAPSHOTTER),
};

/** Step that checks the user's nydus-snapshotter. */
const customNydus: ServiceStep<ComponentProgram> = {
  kind: 'service',
  id: ID,
  module: import.meta.url,
  title: TITLE,
  feature: ID,
  needs: () => [],
  timeoutMs: 20_000,
  start: ({ config: { nydus: directory }, signal }) => checkNydus(directory, signal),
};

/** A nydus-snapshotter; none if guests pull in another way, or the bundle has one. */
export const { steps: nydusSteps, of: nydusOf } = optionalProgram((config: NydusSettings) => {
  if (!usesNydus(config)) return undefined;
  return buildsNydus(config) ? builtNydus : customNydus;
});
