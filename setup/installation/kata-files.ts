import { networksOfRuntimeRs } from '../../helpers/kata/orphaned-network.ts';
import { sandboxIds } from '../../helpers/kata/orphaned-sandboxes.ts';
import type { Installation } from './installation.ts';
import { removeRemnantsAtUndo } from './remnants.ts';
import { undoScript } from './undo-script.ts';

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
  return undoScript('setup/installation/orphaned-sandboxes-command.ts', ...others);
}
