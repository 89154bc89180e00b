import type { ComponentProgram } from '../../helpers/contract/component.ts';
import { defined } from '../../helpers/defined.ts';
import { ProvisionError } from '../../helpers/errors.ts';
import { CLH_PROGRAM, parseClhVersion } from '../../helpers/kata/hypervisors.ts';
import { CLOUD_HYPERVISOR_SOURCE } from '../config/component-source.ts';
import { buildsClh, type ClhSettings, usesClh } from '../config/pins.ts';
import type { ArtefactStep, ServiceStep } from '../step.ts';
import { checkProgram } from './custom-program.ts';
import { optionalProgram } from './optional-program.ts';
import { packages } from './packages.ts';
import {
  buildPrograms,
  describeProgram,
  type ProgramToBuild,
  programInputs,
  readProgram,
} from './source/component-programs.ts';
import { fetchedSource } from './source/fetched-source.ts';

const TITLE = 'Cloud Hypervisor';

/** Cloud Hypervisor with its default features. Source: its manifest, and build-clh.sh of Kata. */
const PROGRAM: ProgramToBuild = {
  crate: CLH_PROGRAM,
  binary: CLH_PROGRAM,
  name: CLH_PROGRAM,
  features: ['io_uring', 'kvm'],
  duration: 'about 3 minutes',
  changes: ['linked with this distribution’s C library, while upstream links musl'],
};

/** Step that builds Cloud Hypervisor. */
export const builtClh: ArtefactStep<ComponentProgram> = {
  kind: 'artefact',
  id: CLH_PROGRAM,
  module: import.meta.url,
  title: TITLE,
  feature: TITLE,
  needs: () => [packages, fetchedSource],
  // cargo's builds wait for one another.
  timeoutMs: 5_400_000,
  inputs: (config) => (config.clhBuild === undefined ? {} : programInputs(config.clhBuild, config)),
  async make(directory, context) {
    const { clhBuild: origin } = context.config;
    if (origin === undefined) throw new ProvisionError(CLH_PROGRAM, 'no source of Cloud Hypervisor was resolved');
    const from = { component: CLOUD_HYPERVISOR_SOURCE, origin, setting: 'KATA_CLH' };
    await buildPrograms(directory, [PROGRAM], from, context);
    const built = await readProgram(directory, CLH_PROGRAM);
    const { version } = await checkClh(built.path, 'KATA_CLH=source', context.signal);
    await describeProgram(directory, { ...built, ...defined({ version }) });
  },
  read: (directory) => readProgram(directory, CLH_PROGRAM),
};

/** Step that checks the user's Cloud Hypervisor. */
const customClh: ServiceStep<ComponentProgram> = {
  kind: 'service',
  id: CLH_PROGRAM,
  module: import.meta.url,
  title: TITLE,
  feature: TITLE,
  needs: () => [],
  timeoutMs: 10_000,
  start: ({ config: { clh: path }, signal }) => checkClh(path, `KATA_CLH=${path}`, signal),
};

/** Checks that a program is a Cloud Hypervisor, and reads its version. Throws {@link ProvisionError}. */
export function checkClh(path: string, setting: string, signal: AbortSignal): Promise<ComponentProgram> {
  const what = 'a Cloud Hypervisor';
  return checkProgram({ name: CLH_PROGRAM, path, what, setting, parse: parseClhVersion }, signal);
}

/** Cloud Hypervisor; none if guests run in QEMU, or the bundle has one. */
export const { steps: clhSteps, of: clhOf } = optionalProgram((config: ClhSettings) => {
  if (!usesClh(config)) return undefined;
  return buildsClh(config) ? builtClh : customClh;
});
