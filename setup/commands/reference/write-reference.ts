import { execa } from 'execa';
import { projectPath } from '../../project.ts';

const VITEST = projectPath('node_modules/vitest/vitest.mjs');

/** Writes suites/README.md: the test that compares it writes it if Vitest is to update. */
export async function writeReference(): Promise<void> {
  const words = [VITEST, 'run', '--project', 'harness', 'setup/documents/reference', '--update'];
  const { exitCode } = await execa(process.execPath, words, { stdio: 'inherit', reject: false });
  process.exitCode = exitCode ?? 1;
}
