import { posix, resolve } from 'node:path';
import { ConfigError } from '../../../helpers/errors.ts';
import { fileExists } from '../../../helpers/files.ts';
import { git } from '../../../helpers/git/command.ts';
import { isInPart } from '../../../helpers/git/part.ts';
import { parseRepository } from '../../../helpers/git/repository.ts';
import { besideRepository, type Snapshot, WORKTREE } from '../../../helpers/git/snapshot.ts';
import { listWorkingDirectory } from '../../../helpers/git/working-directory.ts';
import { gitProblem } from '../../config/git-problem.ts';
import { AGENT_PART } from '../../config/source-paths.ts';
import type { Config } from '../../config/validated.ts';
import { parseChangedLines } from './changed-lines.ts';
import type { ChangedFile, ChangedSide } from './served-methods.ts';

const FOR_WATCH = 'set katacontainers_branch=worktree, and katacontainers_repo to the path of your checkout';

/** The settings that name a checkout. */
type CheckoutSettings = Pick<Config, 'agent' | 'kataBranch' | 'kataRepo' | 'target'>;

/** The checkout whose agent is built. Throws {@link ConfigError} if the settings do not name one. */
export function checkoutOf({ agent, kataBranch, kataRepo, target }: CheckoutSettings): string {
  if (target === 'kata')
    throw new ConfigError(
      'KATA_TARGET=kata: pnpm kata watch renews the agent of guests that this project starts; set KATA_TARGET=local or vm',
    );
  if (agent !== 'auto' && agent !== 'source')
    throw new ConfigError(`KATA_AGENT=${agent}: pnpm kata watch builds the agent; unset KATA_AGENT, and ${FOR_WATCH}`);
  if (kataBranch !== WORKTREE)
    throw new ConfigError(
      `katacontainers_branch=${kataBranch}: pnpm kata watch builds the files of a checkout; ${FOR_WATCH}`,
    );
  const repository = parseRepository(kataRepo);
  if (repository.kind === 'remote')
    throw new ConfigError(
      `katacontainers_repo=${kataRepo}: pnpm kata watch needs a checkout on this machine; ${FOR_WATCH}`,
    );
  return repository.path;
}

/** The top directory of a checkout. Rejects with {@link ConfigError}, with one line, if there is none. */
export async function topOf(checkout: string): Promise<string> {
  if (!(await fileExists(checkout))) throw new ConfigError(`katacontainers_repo=${checkout}: no such directory`);
  const top = await git(checkout, ['rev-parse', '--show-toplevel']).catch((cause: unknown) => {
    const problem = gitProblem({ kind: 'local', path: checkout }, cause);
    throw new ConfigError(`katacontainers_repo=${checkout}: ${problem}`, { cause });
  });
  return top.replace(/\n$/, '');
}

/** The directories of a checkout with files from which the agent is built, as absolute paths. Rejects if the checkout is gone. */
export async function sourceDirectories(checkout: string): Promise<readonly string[]> {
  const top = await topOf(checkout);
  const { files } = await listWorkingDirectory(top);
  const directories = new Set(['.']);
  for (const bytes of files) {
    const path = Buffer.from(bytes, 'latin1').toString('utf8');
    // Directories without files of their own are watched too: new files may appear in them.
    for (let parent = posix.dirname(path); parent !== '.'; parent = posix.dirname(parent)) directories.add(parent);
  }
  return [...directories]
    .filter((path) => path === '.' || isInPart(path, AGENT_PART))
    .map((path) => resolve(top, path));
}

/** Number of changed files up to which their lines are read; more, as after a change of branches, count as whole. */
const READ = 40;

/** The files of the agent's source that differ between two snapshots of a checkout, with their changed lines. */
export async function changedFiles(
  before: Snapshot,
  after: Snapshot,
  { checkout, store, signal }: { readonly checkout: string; readonly store: string; readonly signal: AbortSignal },
): Promise<readonly ChangedFile[]> {
  const options = { signal, env: await besideRepository(checkout, store) };
  const diff = ['diff-tree', '-r', '--patch', '--unified=0', '--no-prefix', '--no-renames', before.id, after.id];
  const changed = parseChangedLines(await git(checkout, diff, options)).filter(({ path }) =>
    isInPart(path, AGENT_PART),
  );
  const side = async ({ id }: Snapshot, path: string, lines: readonly number[]): Promise<ChangedSide[]> =>
    lines.length === 0 ? [] : [{ lines, text: await git(checkout, ['cat-file', 'blob', `${id}:${path}`], options) }];
  return Promise.all(
    changed.map(async ({ added, path, removed }) => ({
      path,
      sides:
        changed.length > READ || !path.endsWith('.rs')
          ? []
          : [...(await side(before, path, removed)), ...(await side(after, path, added))],
    })),
  );
}
