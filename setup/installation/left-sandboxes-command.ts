import { removeLeftSandbox, sandboxIds } from '../../helpers/kata/left-sandboxes.ts';

/** Run when an installation is undone: removes what sandboxes have left, but not those that are named. */
const others = new Set(process.argv.slice(2));
for (const id of await sandboxIds()) {
  if (!others.has(id) && !(await removeLeftSandbox(id))) console.log(`sandbox ${id} still runs; left alone`);
}
