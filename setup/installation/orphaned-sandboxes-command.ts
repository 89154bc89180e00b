import { removeOrphanedSandboxes, sandboxIds } from '../../helpers/kata/orphaned-sandboxes.ts';

/**
 * A command that runs when an installation is undone: it removes orphaned sandboxes, except those named as arguments.
 */
const others = new Set(process.argv.slice(2));
const { problems, running } = await removeOrphanedSandboxes((await sandboxIds()).filter((id) => !others.has(id)));
for (const id of running) console.log(`sandbox ${id} still runs and is kept`);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
