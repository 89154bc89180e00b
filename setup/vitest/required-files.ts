import { selectedSpecFiles, specFilesIn } from '../../helpers/contract/spec-files.ts';
import { projectPath } from '../project.ts';

/** Throws {@link ConfigError} for a word among the arguments of Vitest that is meant to name spec files and names none. */
export async function requireSpecFiles(args: readonly string[]): Promise<void> {
  // Without words, which is most often, Vitest need not be loaded twice.
  if (args.every((word) => word.startsWith('-'))) return;
  const { parseCLI } = await import('vitest/node');
  const { filter } = parseCLI(['vitest', 'run', ...args]);
  const root = projectPath('.');
  selectedSpecFiles(await specFilesIn(root), filter, root);
}
