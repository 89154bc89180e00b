import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defined } from '../../../helpers/defined.ts';
import { readIfThere } from '../../../helpers/files.ts';
import { exportSnapshot, listFiles } from '../../../helpers/git/export.ts';
import { parseRepository } from '../../../helpers/git/repository.ts';
import { resolveRevision, type Snapshot } from '../../../helpers/git/snapshot.ts';
import { submodulesOf } from '../../../helpers/kata/qemu-scripts.ts';
import type { KataVersions } from '../../../helpers/kata/versions.ts';
import { gitStore } from '../../config/git-store.ts';
import type { StepContext } from '../../step.ts';

/** An exported QEMU source. */
export interface QemuSource {
  readonly tree: string;
  /** Version of QEMU for upstream's scripts: a tag or commit. */
  readonly label: string;
  /** Contents of QEMU's file VERSION, such as `6.1.0`. */
  readonly version: string;
  /** The repository of QEMU, if the user has set it. */
  readonly given?: string;
  /** Whether the source is another QEMU than the one that Kata's versions.yaml names. */
  readonly foreign: boolean;
}

/** Exports the user's QEMU source, or the one that Kata names, into a directory, with the submodules it needs. */
export async function exportQemu(tree: string, versions: KataVersions, context: StepContext): Promise<QemuSource> {
  const { config, say, signal } = context;
  const store = gitStore(config);
  const url = config.qemuRepo ?? versions.qemu.url;
  const label = config.qemuVersion ?? versions.qemu.revision;
  const snapshot = config.qemuBuild?.custom ?? (await resolveRevision(parseRepository(url), label, store, signal));
  say(`reading QEMU ${label} of ${url}`);
  await mkdir(tree);
  await exportSnapshot(snapshot, store, tree, signal);
  await exportSubmodules(snapshot, tree, context);
  // .git is removed, so that the build does not fetch anything with git.
  await rm(join(tree, '.git'), { recursive: true });
  const version = (await readFile(join(tree, 'VERSION'), 'utf8')).trim();
  return { tree, label, version, ...defined({ given: config.qemuRepo }), foreign: label !== versions.qemu.revision };
}

async function exportSubmodules(snapshot: Snapshot, tree: string, { config, say, signal }: StepContext): Promise<void> {
  const store = gitStore(config);
  const gitmodules = (await readIfThere(join(tree, '.gitmodules'))) ?? '';
  for (const { commit, path, url } of submodulesOf(await listFiles(snapshot, store, signal), gitmodules)) {
    say(`reading QEMU's submodule ${path}`);
    const directory = join(tree, path);
    await mkdir(directory, { recursive: true });
    const submodule = { repository: parseRepository(url), revision: commit, id: commit, uncommitted: 0 };
    await exportSnapshot(submodule, store, directory, signal);
    await rm(join(directory, '.git'), { recursive: true });
  }
}
