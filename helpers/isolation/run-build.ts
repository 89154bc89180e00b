import { ExecError, type Finished, type RunOptions, run } from '../process/exec.ts';
import { BUILD_HOME, BUILD_ID, type Sandbox, sandboxCommand } from './sandbox.ts';
import { systemCallFilter } from './system-calls.ts';

/** Options of {@link runBuild}. */
export interface BuildOptions extends RunOptions {
  /** What the command may use if it runs isolated; `undefined` runs it as this process's user, with all files. */
  readonly sandbox: Sandbox | undefined;
}

/** Texts of errors that isolation causes: a missing or protected file, or no network. */
const CAUSED = [
  /permission denied|operation not permitted|no such file or directory|read-only file system/i,
  /could ?n.t resolve|name resolution|lookup .* on |network is unreachable|connection refused/i,
];

/** Explanation of what an isolated build lacks, for the error of a build that asked for it. */
const EXPLANATION = [
  `The build ran isolated: as user ${BUILD_ID}, without network, with the system's programs, its toolchain, its sources`,
  'and fetched dependencies, and without any other file or socket of this machine. docs/isolation.md has the details;',
  'KATA_BUILD_ISOLATION=no builds without isolation.',
].join('\n');

/**
 * Runs a command of a build, which executes code of the source that is built. With a sandbox, the command is isolated
 * from this machine, and all processes that it starts end with it.
 */
export async function runBuild(command: readonly string[], { sandbox, ...options }: BuildOptions): Promise<Finished> {
  if (sandbox === undefined) return run(command, options);
  const { cwd = '/' } = options;
  const isolated = sandboxCommand(sandbox, command, cwd);
  try {
    return await run(isolated, {
      ...options,
      ...{ cwd: '/', env: { HOME: BUILD_HOME, ...options.env }, shownAs: command },
      thirdInput: systemCallFilter(),
    });
  } catch (error) {
    if (error instanceof ExecError && causedByIsolation(error)) throw error.explained(EXPLANATION);
    throw error;
  }
}

/** Whether the output of a failed build has an error that isolation causes. */
export function causedByIsolation({ stderr, stdout }: Pick<Finished, 'stderr' | 'stdout'>): boolean {
  return CAUSED.some((error) => error.test(stderr) || error.test(stdout));
}
