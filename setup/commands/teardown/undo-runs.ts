import { removeEmptyDirectories } from '../../../helpers/empty-directories.ts';
import { RUN_ROOT } from '../../config/paths.ts';
import { installationOf } from '../../installation/installation.ts';
import { teardownRuns } from '../../session/engine.ts';
import { readSettings } from '../../session/settings.ts';

/** Removes the resources of killed runs, and the installation unless a run uses it. */
export async function undoRuns(): Promise<void> {
  const config = readSettings();
  const { undone, alive } = await teardownRuns(config);
  const installation = installationOf(config);
  const restored = alive.length === 0 ? await installation.undo() : [];
  if (alive.length === 0) await removeEmptyDirectories(RUN_ROOT);
  const kept = alive.length === 0 ? 0 : (await installation.paths()).length;
  for (const { runId } of undone) console.log(`undone: run ${runId}`);
  for (const { runId, pid } of alive) console.log(`skipped: run ${runId} is still running (process ${pid})`);
  if (kept > 0) console.log(`skipped: ${kept} files of Kata's installation, since a run is still running`);
  for (const what of restored) console.log(`undone: ${what}`);
  if (undone.length + alive.length + restored.length === 0) console.log('nothing to undo');
}
