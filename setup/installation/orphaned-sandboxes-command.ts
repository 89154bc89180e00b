import { networksOfRuntimeRs, removeUnusedNetworks } from '../../helpers/kata/orphaned-network.ts';
import { removeOrphanedSandboxes, sandboxIds } from '../../helpers/kata/orphaned-sandboxes.ts';
import { hostProcesses } from '../../helpers/process/process.ts';

/**
 * A command that runs when an installation is undone: it removes orphaned sandboxes, and network namespaces that sandboxes have left, except
 * those named as arguments.
 */
const others = new Set(process.argv.slice(2));
const mine = (found: readonly string[]): string[] => found.filter((one) => !others.has(one));
const { problems, running } = await removeOrphanedSandboxes(mine(await sandboxIds()));
for (const id of running) console.log(`sandbox ${id} still runs and is kept`);
// While a sandbox starts, its network namespace has no process yet.
if ((await hostProcesses('containerd-shim-kata-v2')).length === 0) {
  await removeUnusedNetworks(mine(await networksOfRuntimeRs()));
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
