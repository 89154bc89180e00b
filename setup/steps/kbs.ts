import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComponentProgram } from '../../helpers/contract/component.ts';
import { messageOf, ProvisionError } from '../../helpers/errors.ts';
import { declaredFeatures } from '../../helpers/kata/agent-build.ts';
import { whyUnknownVerifier, withVerifiers } from '../../helpers/kbs/verifiers.ts';
import { parseKbsVersion } from '../../helpers/kbs/version.ts';
import { TRUSTEE_SOURCE } from '../config/component-source.ts';
import type { ResolvedConfig } from '../config/resolved.ts';
import type { ArtefactStep, ServiceStep } from '../step.ts';
import { isStandIn } from './agent/agent-choice.ts';
import { checkProgram } from './custom-program.ts';
import { optionalProgram } from './optional-program.ts';
import { packages } from './packages.ts';
import { buildPrograms, type ProgramToBuild, programInputs, readProgram } from './source/component-programs.ts';
import { fetchedSource } from './source/fetched-source.ts';

const TITLE = 'KBS (key broker service)';
const FEATURE = 'KBS';
const BINARY = 'kbs';

/** The KBS with its built-in attestation service. Source: AS_FEATURE and VAULT in kbs/Makefile of trustee. */
const PROGRAM: ProgramToBuild = {
  crate: 'kbs',
  binary: BINARY,
  name: BINARY,
  features: ['coco-as-builtin'],
  duration: 'about 15 minutes',
  changes: ['without the feature vault, a backend for resources'],
};

/** Step that builds the KBS of trustee. */
export const builtKbs: ArtefactStep<ComponentProgram> = {
  kind: 'artefact',
  id: 'kbs',
  module: import.meta.url,
  title: TITLE,
  feature: FEATURE,
  needs: () => [packages, fetchedSource],
  // cargo's builds wait for one another: up to 15 minutes each for the agent, the CDH and the other guest components.
  timeoutMs: 7_200_000,
  inputs(config) {
    const { digests = {}, values = {} } = config.kbsBuild === undefined ? {} : programInputs(config.kbsBuild, config);
    return { digests, values: { ...values, verifiers: config.kbsVerifiers?.join(' ') ?? 'upstream' } };
  },
  async make(directory, context) {
    const { kbsBuild: origin, kbsVerifiers } = context.config;
    if (origin === undefined) throw new ProvisionError('kbs', 'no source of the KBS was resolved');
    const from = { component: TRUSTEE_SOURCE, origin, setting: 'KATA_KBS' };
    const prepare = (checkout: string): Promise<readonly string[]> =>
      kbsVerifiers === undefined ? Promise.resolve([]) : chooseVerifiers(checkout, kbsVerifiers);
    await buildPrograms(directory, [PROGRAM], { ...from, prepare }, context);
  },
  read: (directory) => readProgram(directory, BINARY),
};

/** Edits the manifest in the copy of the source. Returns how the build thereby differs from upstream's. */
async function chooseVerifiers(checkout: string, verifiers: readonly string[]): Promise<readonly string[]> {
  const setting = `KATA_KBS_VERIFIERS=${verifiers.join(',') || 'none'}`;
  const service = await readFile(join(checkout, 'attestation-service/Cargo.toml'), 'utf8');
  const unknown = whyUnknownVerifier(verifiers, declaredFeatures(service).keys());
  if (unknown !== undefined) throw new ProvisionError('kbs', `${setting}: ${unknown}`);
  const manifest = join(checkout, 'kbs/Cargo.toml');
  try {
    await writeFile(manifest, withVerifiers(await readFile(manifest, 'utf8'), verifiers));
  } catch (cause) {
    throw new ProvisionError('kbs', `${setting}: ${messageOf(cause)}; set KATA_KBS_VERIFIERS=upstream`, { cause });
  }
  const which =
    verifiers.length === 0 ? 'the sample verifier alone' : `the sample verifier and ${verifiers.join(', ')}`;
  return [`with ${which}, while kbs/Cargo.toml enables upstream's (KATA_KBS_VERIFIERS)`];
}

/** Step that checks the user's KBS. */
export const customKbs: ServiceStep<ComponentProgram> = {
  kind: 'service',
  id: 'kbs',
  module: import.meta.url,
  title: TITLE,
  feature: FEATURE,
  needs: () => [],
  timeoutMs: 10_000,
  start: ({ config: { kbs: path = '' }, signal }) =>
    checkProgram(
      { name: BINARY, path, what: 'a KBS of trustee', setting: `KATA_KBS=${path}`, parse: parseKbsVersion },
      signal,
    ),
};

type KbsSetting = Pick<ResolvedConfig, 'agent' | 'kbs' | 'target'>;

/** A KBS, whose program fixtures start; none if the configuration has no KBS. */
export const { steps: kbsSteps, of: kbsOf } = optionalProgram((config: KbsSetting) => {
  if (config.kbs === undefined || config.target === 'local' || isStandIn(config)) return undefined;
  return config.kbs === 'source' ? builtKbs : customKbs;
});
