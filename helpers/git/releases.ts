import type { SemVer } from 'semver';
import semverCompare from 'semver/functions/compare.js';
import semverParse from 'semver/functions/parse.js';
import { HarnessError } from '../errors.ts';
import { git } from './command.ts';
import { displayRepository, type Repository } from './repository.ts';
import type { GitStore } from './store.ts';

/** A line of releases, such as `v1.7` or `2.3`, instead of one of them. */
const LINE = /^v?(\d+\.\d+)$/;

const LOOK_UP_MS = 20_000;

/** Whether a version names a line of releases. */
export function isReleaseLine(version: string): boolean {
  return LINE.test(version);
}

/** The tag of the newest release of a line among tags such as `v1.7.34`; `undefined` if it has none. Pre-releases are none. */
export function newestOf(line: string, tags: readonly string[]): string | undefined {
  const [, minor] = LINE.exec(line) ?? [];
  const releases = tags
    .filter((tag) => tag.startsWith(`v${minor}.`))
    .map((tag) => semverParse(tag))
    .filter((version): version is SemVer => version !== null && version.prerelease.length === 0);
  return releases.sort(semverCompare).at(-1)?.raw;
}

/** The tag of the newest release of a line that a repository has now. Throws {@link HarnessError} if it has none. */
export async function newestRelease(
  repository: Repository,
  line: string,
  { env }: Pick<GitStore, 'env'>,
  signal?: AbortSignal,
): Promise<string> {
  const from = repository.kind === 'local' ? repository.path : repository.url;
  const command = ['ls-remote', '--refs', '--tags', '--', from];
  const listed = await git('/', command, { env, signal, timeoutMs: LOOK_UP_MS });
  const tags = [...listed.matchAll(/\trefs\/tags\/(.+)$/gm)].map(([, tag = '']) => tag);
  const found = newestOf(line, tags);
  if (found !== undefined) return found;
  throw new HarnessError('git', `${displayRepository(repository)} has no release of ${line}`);
}
