import { glob, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { ConfigError } from '../../../helpers/errors.ts';
import { fileExists, namesIn, readIfThere } from '../../../helpers/files.ts';
import { CHECKOUT_FILE, type Checkout } from '../../../helpers/git/checkout.ts';
import { run } from '../../../helpers/process/exec.ts';
import { inTemporaryDirectory } from '../../../helpers/temporary-directory.ts';
import { SUITE_DIRECTORY, SUITE_LINKS } from './contents.ts';

/** What pnpm and Vite write into node_modules for this machine: paths, dates, caches. */
const NOT_COPIED = ['.cache', '.modules.yaml', '.pnpm-workspace-state-v1.json', '.vite', '.vite-temp'];

/** tar with equal output for equal files, whatever their owners and times and the umask of the checkout. */
const TAR = [
  ...['tar', '--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'],
  ...['--mode=u=rwX,go=rX', '--hard-dereference', '--format=gnu'],
];

/** A checkout of this project with its npm packages. */
export interface SuiteProject {
  readonly directory: string;
  /** Paths of the files to copy, besides node_modules. */
  readonly files: readonly string[];
  readonly checkout: Checkout;
}

/**
 * Writes the layer of the suite image with this project and its npm packages as a tar archive. Rejects with {@link ConfigError} if the
 * installed packages are not those of pnpm-lock.yaml.
 */
export async function writeProjectLayer(file: string, project: SuiteProject, signal?: AbortSignal): Promise<void> {
  await requireInstalled(project.directory);
  await inTemporaryDirectory(`${file}-`, async (tree) => {
    const suite = join(tree, SUITE_DIRECTORY);
    const options = { cwd: project.directory, signal };
    await mkdir(suite);
    await run(['cp', '--archive', '--parents', '--', ...project.files, suite], options);
    await run(['cp', '--archive', 'node_modules', suite], options);
    for (const name of NOT_COPIED) await rm(join(suite, 'node_modules', name), { recursive: true, force: true });
    await nameDirectory(suite, project.directory);
    await writeFile(join(suite, CHECKOUT_FILE), `${JSON.stringify(project.checkout)}\n`);
    await link(tree, suite);
    await run([...TAR, '--create', '--file', file, '--directory', tree, ...(await namesIn(tree)).sort()], { signal });
  });
}

/** Requires that `pnpm install` has installed what pnpm-lock.yaml says: pnpm keeps a copy of what it installed. */
async function requireInstalled(project: string): Promise<void> {
  const files = ['pnpm-lock.yaml', 'node_modules/.pnpm/lock.yaml'].map((path) => join(project, path));
  const [wanted, installed] = await Promise.all(files.map(readIfThere));
  if (installed === undefined || installed !== wanted)
    throw new ConfigError(
      `${project}/node_modules: the packages are not those of pnpm-lock.yaml; run \`pnpm install --frozen-lockfile\` first`,
    );
}

/** Replaces the directory of the checkout, which pnpm writes into the scripts that start programs, by the image's. */
async function nameDirectory(suite: string, directory: string): Promise<void> {
  for await (const path of glob('node_modules/{.bin/*,.pnpm/**/.bin/*}', { cwd: suite, withFileTypes: true })) {
    if (!path.isFile()) continue;
    const script = join(path.parentPath, path.name);
    const text = await readFile(script, 'utf8');
    await writeFile(script, text.replaceAll(`${directory}/`, `${SUITE_DIRECTORY}/`));
  }
}

async function link(tree: string, suite: string): Promise<void> {
  const programs = join(tree, 'usr/local/bin');
  await mkdir(programs, { recursive: true });
  for (const [name, path] of Object.entries(SUITE_LINKS)) {
    const to = join(suite, path);
    if (!(await fileExists(to))) throw new ConfigError(`${dirname(to)}: pnpm has not installed ${name}`);
    await symlink(relative(programs, to), join(programs, name));
  }
}
