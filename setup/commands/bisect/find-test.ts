import { execa } from 'execa';
import { ConfigError } from '../../../helpers/errors.ts';
import { projectPath } from '../../project.ts';

const LIST = [projectPath('node_modules/vitest/vitest.mjs'), 'list', '--project', 'suites'];

/**
 * Checks, without set-up, that a spec file has a test whose name matches. Rejects with {@link ConfigError} otherwise. Vitest
 * compares names with `-t` as regular expressions.
 */
export async function requireTest(file: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  // --json is last: Vitest would write to a file that is named after it.
  const { exitCode, stderr, stdout } = await execa(process.execPath, [...LIST, file, ...args, '--json'], {
    cwd: projectPath('.'),
    env: { CI: '1', NO_COLOR: '1' },
    cancelSignal: signal,
    reject: false,
    stdin: 'ignore',
  });
  signal.throwIfAborted();
  if (exitCode !== 0) throw new ConfigError(`${file} cannot be read as a spec: ${errorIn(stderr || stdout)}`);
  const listed = JSON.parse(stdout.slice(stdout.indexOf('['))) as readonly unknown[];
  if (listed.length > 0) return;
  throw new ConfigError(
    `no test of ${file}${args.length === 0 ? '' : ` matches ${args.join(' ')}`}; expected a spec file below suites/${args.length === 0 ? '' : " and a part of a test's name"}`,
  );
}

/** The first line of Vitest's output that is an error. */
function errorIn(output: string): string {
  const lines = output.trim().split('\n');
  return lines.find((line) => /^\w*Error: /.test(line)) ?? lines[0] ?? '';
}
