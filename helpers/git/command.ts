import { type RunOptions, run } from '../process/exec.ts';

/** Runs git without prompts, without lazy fetches, and regardless of the repository's owner. Returns its stdout. */
export async function git(directory: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const env = { GIT_TERMINAL_PROMPT: '0', GIT_NO_LAZY_FETCH: '1', GIT_OPTIONAL_LOCKS: '0', ...options.env };
  const { stdout } = await run(['git', '-c', 'safe.directory=*', '-C', directory, ...args], { ...options, env });
  return stdout;
}

/** The commit of the first of these revisions that exists; `undefined` if none does. */
export async function revParse(
  directory: string,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<string | undefined> {
  for (const name of names) {
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
    const id = (await git(directory, args, { signal, okCodes: [0, 1] })).trim();
    if (id !== '') return id;
  }
  return undefined;
}
