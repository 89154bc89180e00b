import { ProvisionError } from '../../../helpers/errors.ts';
import { fetchSnapshot } from '../../../helpers/git/export.ts';
import { gitProblem } from '../../config/git-problem.ts';
import { gitStore } from '../../config/git-store.ts';
import type { SourceRevision } from '../../config/resolved.ts';
import type { StepContext } from '../../step.ts';

/** Throws the {@link ProvisionError} of a build from source. */
export type FailBuild = (problem: string, cause?: unknown) => never;

/** The errors of a build: `code` is theirs, and `setting` is the setting that is `source`. */
export function failBuild(code: string, setting: string): FailBuild {
  return (problem, cause) => {
    throw new ProvisionError(code, `${setting}=source: ${problem}`, { cause });
  };
}

/** Fetches the source of a build into the git store, and says so. */
export async function fetchSource(
  { name, snapshot }: SourceRevision,
  fail: FailBuild,
  { config, say, signal }: Pick<StepContext, 'config' | 'say' | 'signal'>,
): Promise<void> {
  say(`fetching ${name}`);
  await fetchSnapshot(snapshot, gitStore(config), signal).catch((cause: unknown) =>
    fail(`cannot fetch ${name}: ${gitProblem(snapshot.repository, cause)}`, cause),
  );
}
