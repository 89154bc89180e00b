import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../../../helpers/errors.ts';
import { fileExists } from '../../../helpers/files.ts';
import { exportSnapshot, readFileOf } from '../../../helpers/git/export.ts';
import { displayRepository, parseRepository } from '../../../helpers/git/repository.ts';
import { resolveRevision, type Snapshot } from '../../../helpers/git/snapshot.ts';
import { takeProgram } from '../../../helpers/isolation/ownership.ts';
import { declaredFeatures } from '../../../helpers/kata/agent-build.ts';
import { parseVersions } from '../../../helpers/kata/versions.ts';
import { cargoBuild } from '../../../helpers/toolchain/cargo.ts';
import { gitStore } from '../../config/git-store.ts';
import type { CdhOrigin, KataRevision } from '../../config/resolved.ts';
import { CDH_PATHS, sourceDigest } from '../../config/source-paths.ts';
import type { ArtefactStep, StepContext } from '../../step.ts';
import { packages } from '../packages.ts';
import { fetchedSource } from '../source/fetched-source.ts';
import { PROFILE, targetDirOf } from '../source/kata-source.ts';

/** File names in the CDH's artefact. */
const BINARY = 'confidential-data-hub';
const DESCRIPTION = 'cdh.json';

/** The CDH's crate in guest-components, and its program with the ttrpc interface that agents use. */
const CRATE = 'confidential-data-hub/hub';
const PROGRAM = 'ttrpc-cdh';

/**
 * Features of the CDH that upstream ships, as far as a revision declares them; signatures and decryption are features
 * that its crate image-rs always has. Left out is the resource provider sev, for secrets of AMD SEV's firmware. Source:
 * RPC, RESOURCE_PROVIDER and KMS_PROVIDER in confidential-data-hub/Makefile of guest-components.
 */
const FEATURES = ['bin', 'ttrpc', 'kbs', 'aliyun'];
const STRIPPED = ['--config', 'profile.release.strip=true'];

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
    const { cdh: wanted, cdhRepo = '', cdhVersion = '', cdhBuild } = config;
    return {
      files: { KATA_CDH: cdhBuild === undefined && wanted !== 'source' ? wanted : undefined },
      digests:
        cdhBuild?.packaging === undefined
          ? {}
          : { packaging: () => sourceDigest(CDH_PATHS, cdhBuild.packaging, config) },
      values: { from: cdhBuild?.custom?.id ?? `${cdhRepo} ${cdhVersion}`, cargo: cdhBuild?.cargo.version ?? '' },
    };
  },
  async make(directory, context) {
    const { cdh: wanted, cdhBuild } = context.config;
    if (cdhBuild !== undefined) await build(directory, cdhBuild, context);
    else if (wanted !== undefined && wanted !== 'source') await copyFile(wanted, join(directory, BINARY));
  },
  async read(directory) {
    const binary = join(directory, BINARY);
    return (await fileExists(binary)) ? binary : undefined;
  },
};

async function build(directory: string, chosen: CdhOrigin, context: StepContext): Promise<void> {
  const { config, say, signal } = context;
  const snapshot = chosen.custom ?? (await namedSnapshot(chosen.packaging, context));
  const source = `${displayRepository(snapshot.repository)} at ${snapshot.revision}`;
  const checkout = join(directory, 'checkout');
  await mkdir(checkout);
  say(`reading ${source}`);
  await exportSnapshot(snapshot, gitStore(config), checkout, signal);
  say(`compiling ${source}; about 15 minutes the first time`);
  const targetDir = targetDirOf(config);
  const crate = join(checkout, CRATE);
  const declared = declaredFeatures(await readFile(join(crate, 'Cargo.toml'), 'utf8'));
  const features = FEATURES.filter((name) => declared.has(name));
  const { changes } = await cargoBuild({
    cargo: chosen.cargo,
    crate,
    targetDir,
    flags: ['--bin', PROGRAM, '--no-default-features', '--features', features.join(','), ...STRIPPED],
    env: PROFILE,
    signal,
    say,
  });
  await takeProgram(targetDir, join('release', PROGRAM), join(directory, BINARY));
  await rm(checkout, { recursive: true });
  await writeFile(
    join(directory, DESCRIPTION),
    JSON.stringify({ source, commit: snapshot.id, features, changes }, null, 2),
  );
}

/**
 * The revision of guest-components from which the CDH is built: the user's repository and version, else those in the
 * checkout's versions.yaml.
 */
async function namedSnapshot(packaging: KataRevision, { config, signal }: StepContext): Promise<Snapshot> {
  const { cdhRepo, cdhVersion } = config;
  const store = gitStore(config);
  const versions = await readFileOf(packaging.snapshot, 'versions.yaml', store, signal);
  const named = parseVersions(versions, packaging.name).guestComponents;
  const url = cdhRepo ?? named?.url;
  const revision = cdhVersion ?? named?.revision;
  if (url === undefined || revision === undefined) {
    const problem = `versions.yaml of ${packaging.name} has no guest-components; set KATA_CDH_REPO and KATA_CDH_VERSION`;
    throw new ConfigError(`KATA_CDH=source: ${problem}`);
  }
  return resolveRevision(parseRepository(url), revision, store, signal);
}
