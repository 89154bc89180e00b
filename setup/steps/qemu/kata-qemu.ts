import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fileExists } from '../../../helpers/files.ts';
import { git } from '../../../helpers/git/command.ts';
import {
  configureCommand,
  ninjaProgress,
  QEMU_FILE,
  QEMU_NAMES,
  QEMU_PACKAGING,
  QEMU_PREFIX,
  relocated,
} from '../../../helpers/kata/qemu-scripts.ts';
import { parseVersions } from '../../../helpers/kata/versions.ts';
import { QEMU_PART, sourceDigest } from '../../config/source-paths.ts';
import type { ArtefactStep, StepContext } from '../../step.ts';
import { packages } from '../packages.ts';
import { type BuildLog, openBuildLog } from '../source/build-log.ts';
import { fetchedSource } from '../source/fetched-source.ts';
import { withSource } from '../source/kata-source.ts';
import { exportQemu, type QemuSource } from '../source/qemu-source.ts';
import { fitScripts } from './qemu-fit.ts';

/** File names in the artefact of Kata's QEMU: a tree to copy over `/`, if a QEMU was built. */
const ROOT = 'root';
const DESCRIPTION = 'qemu.json';

/** A QEMU that upstream's scripts built. */
export interface BuiltQemu {
  /** First line of the QEMU's `--version`: `QEMU emulator version 6.1.0 (kata-static)`. */
  readonly version: string;
  /** Name of the Kata revision whose scripts built the QEMU, and the changes made to these scripts. */
  readonly source: string;
  readonly changes: readonly string[];
}

/** A QEMU that was built, and the path of its tree to copy over `/`. */
interface InstalledQemu extends BuiltQemu {
  readonly root: string;
}

const PROGRESS_EVERY = 100;
const ARCHIVE = 'kata-static-qemu.tar.gz';

/**
 * Step that provides the QEMU of Kata's guests, built by upstream's scripts. Its result is `undefined` if the
 * distribution's QEMU is used.
 */
export const kataQemu: ArtefactStep<InstalledQemu | undefined> = {
  kind: 'artefact',
  id: 'kata-qemu',
  module: import.meta.url,
  title: 'QEMU for Kata guests',
  needs: () => [packages, fetchedSource],
  timeoutMs: 10_800_000,
  inputs: (config, { codename, distribution }) => {
    if (config.qemu === 'distro') return { values: { kind: 'distro' } };
    return {
      digests: { packaging: () => sourceDigest(QEMU_PART, config.qemuBuild?.packaging, config) },
      values: {
        kind: config.qemu,
        given: config.qemuBuild?.custom?.id ?? `${config.qemuRepo ?? ''} ${config.qemuVersion ?? ''}`,
        distribution: `${distribution} ${codename}`,
      },
    };
  },
  async make(directory, context) {
    const { qemuBuild } = context.config;
    if (qemuBuild === undefined) return writeFile(join(directory, DESCRIPTION), 'null');
    const { packaging } = qemuBuild;
    const log = await openBuildLog('kata-qemu', context);
    const work = join(directory, 'work');
    const staged = join(work, 'staged');
    await mkdir(staged, { recursive: true });
    await withSource(directory, packaging, context, async (checkout, notes) => {
      const versions = parseVersions(await readFile(join(checkout, 'versions.yaml'), 'utf8'), packaging.name);
      const source = await exportQemu(join(work, 'source'), versions, context);
      const changes = [...notes, ...(await fitScripts(checkout, source, { ...context, log }))];
      await build({ checkout, source, work, staged, log, context });
      const version = (await log.run('the new QEMU', [join(staged, QEMU_FILE), '--version'])).split('\n', 1)[0] ?? '';
      const description: BuiltQemu = { version, source: packaging.name, changes };
      await writeFile(join(directory, DESCRIPTION), JSON.stringify(description, null, 2));
    });
    await rename(staged, join(directory, ROOT));
    await rm(work, { recursive: true });
  },
  async read(directory) {
    const built = JSON.parse(await readFile(join(directory, DESCRIPTION), 'utf8')) as BuiltQemu | null;
    return built === null ? undefined : { ...built, root: join(directory, ROOT) };
  },
};

/** The state of a running QEMU build. */
interface QemuBuild {
  readonly checkout: string;
  readonly source: QemuSource;
  readonly work: string;
  /** Directory into which QEMU is installed before it becomes the artefact. */
  readonly staged: string;
  readonly log: BuildLog;
  readonly context: StepContext;
}

async function build(making: QemuBuild): Promise<void> {
  const script = join(making.checkout, QEMU_PACKAGING.build);
  await ((await fileExists(script)) ? byScript(script, making) : bySteps(making));
  await rm(join(making.staged, ARCHIVE), { force: true });
}

/** Builds QEMU with upstream's build-qemu.sh, which newer Kata has and which clones a repository. */
async function byScript(script: string, { checkout, context, log, source, staged, work }: QemuBuild): Promise<void> {
  await repositoryOf(source);
  await writeFile(script, relocated(await readFile(script, 'utf8'), { checkout, out: work }));
  const here = join(work, 'build');
  await mkdir(here);
  await log.run('build-qemu.sh', ['nice', 'bash', script], {
    cwd: here,
    env: {
      ...context.config.outbound.network,
      ...finishing(staged),
      ARCH: 'x86_64',
      PREFIX: QEMU_PREFIX,
      HYPERVISOR_NAME: QEMU_NAMES.hypervisor,
      PKGVERSION: QEMU_NAMES.packageVersion,
      QEMU_REPO: pathToFileURL(source.tree).href,
      QEMU_VERSION_NUM: source.label,
      TMPDIR: here,
    },
    onLine: progress(context),
  });
}

/** Builds QEMU with the commands that CCv0 has in a Dockerfile. */
async function bySteps({ checkout, context, log, source, staged, work }: QemuBuild): Promise<void> {
  const inTree = { cwd: source.tree };
  const scripts = join(checkout, QEMU_PACKAGING.scripts);
  context.say(`patching and configuring QEMU ${source.label}`);
  const patch = ['bash', join(scripts, 'patch_qemu.sh'), source.label, join(checkout, QEMU_PACKAGING.patches)];
  await log.run('patch_qemu.sh', patch, inTree);
  await log.run('configure', configureCommand(checkout), {
    ...inTree,
    env: { ...context.config.outbound.network, PREFIX: QEMU_PREFIX },
  });
  await log.run('make', ['nice', 'make', `-j${context.host.cpus}`], { ...inTree, onLine: progress(context) });
  await log.run('make install', ['make', 'install', `DESTDIR=${staged}`], inTree);
  await log.run('qemu-build-post.sh', ['bash', join(checkout, QEMU_PACKAGING.finish)], {
    cwd: work,
    env: finishing(staged),
  });
}

/** Environment of upstream's qemu-build-post.sh, which removes QEMU's files that no guest needs. */
function finishing(staged: string): Readonly<Record<string, string>> {
  return { QEMU_DESTDIR: staged, QEMU_TARBALL: ARCHIVE, BUILD_SUFFIX: '' };
}

/** Makes a git repository of the exported QEMU source, because build-qemu.sh only takes a repository to clone. */
async function repositoryOf({ label, tree }: QemuSource): Promise<void> {
  const author = ['-c', 'user.name=kata-cc', '-c', 'user.email=kata-cc@localhost'];
  await git(tree, ['init', '--quiet', '.']);
  await git(tree, ['add', '--all', '--force', '.']);
  await git(tree, [...author, 'commit', '--quiet', '--message', label]);
  await git(tree, ['tag', label]);
}

function progress({ say }: StepContext): (line: string) => void {
  let told = 0;
  return (line) => {
    const at = ninjaProgress(line);
    if (at === undefined || (at.done < told + PROGRESS_EVERY && at.done >= told)) return;
    told = at.done;
    say(`compiling: ${at.done} of ${at.of} steps`);
  };
}
