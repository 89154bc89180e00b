import { giveToBuild } from './ownership.ts';
import type { Sandbox } from './sandbox.ts';

/**
 * A sandbox for commands of a source, such as make, that may change `directories`, which then belong to the user of
 * builds; `undefined` if builds are not isolated.
 */
export async function sandboxOf(
  isolated: boolean,
  directories: readonly string[],
  more: Omit<Sandbox, 'writable'> = {},
): Promise<Sandbox | undefined> {
  if (!isolated) return undefined;
  await giveToBuild(directories);
  return { ...more, writable: directories };
}
