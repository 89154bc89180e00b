import { networksOfRuntimeRs } from '../../helpers/kata/orphaned-network.ts';
import { sandboxIds } from '../../helpers/kata/orphaned-sandboxes.ts';
import { projectPath } from '../project.ts';
import type { Installation } from './installation.ts';
import { removeRemnantsAtUndo } from './remnants.ts';

/**
 * Installs Kata's files on this machine. The undo also removes the resources of Kata's sandboxes, except those of sandboxes
 * that existed before, and then the cgroups and directories that Kata leaves.
 */
export async function installFiles(installation: Installation, root: string): Promise<void> {
  await removeRemnantsAtUndo(installation, 'kata');
  const first = (await installation.paths()).length === 0;
  if (first) await installation.defer(removal([...(await sandboxIds()), ...(await networksOfRuntimeRs())]));
  await installation.copy(root, '/');
}

function removal(others: readonly string[]): string[] {
  const command = [process.execPath, 'setup/installation/orphaned-sandboxes-command.ts', ...others];
  return ['env', '-C', projectPath('.'), ...command];
}
