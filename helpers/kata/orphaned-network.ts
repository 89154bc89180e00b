import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError, messageOf } from '../errors.ts';
import { readIfThere } from '../files.ts';
import { unmountIfMounted } from '../namespace/mounts.ts';
import { SANDBOX_DIR } from './sandbox.ts';

/** A sandbox's network in the runtime's persist.json, with the older and the newer field names. */
interface SavedNetwork {
  readonly NetNsPath?: string;
  readonly NetNsCreated?: boolean;
  readonly NetworkID?: string;
  readonly NetworkCreated?: boolean;
}

/**
 * The network namespace that Kata's runtime created for a sandbox, and that only the runtime would remove. `undefined` if it
 * created none: a pod's namespace belongs to its CNI plug-in. Source: virtcontainers/persist/api/network.go.
 */
export async function ownNetwork(sandboxId: string): Promise<string | undefined> {
  const file = join(SANDBOX_DIR, sandboxId, 'persist.json');
  const saved = await readIfThere(file);
  if (saved === undefined) return undefined;
  const network = parse(saved, file)?.Network ?? {};
  const path = network.NetNsPath ?? network.NetworkID;
  return (network.NetNsCreated ?? network.NetworkCreated) ? path || undefined : undefined;
}

/** Parses a sandbox's persist.json. A runtime that is killed while it writes the file leaves it truncated. */
function parse(text: string, file: string): { readonly Network?: SavedNetwork } | null {
  try {
    return JSON.parse(text) as { readonly Network?: SavedNetwork } | null;
  } catch (cause) {
    const remedy = 'remove the namespace by hand if it exists (see `ip netns list`), then this file, and try again';
    const problem = `is truncated (${messageOf(cause)}), and no other file names the sandbox's network namespace`;
    throw new HarnessError('sandbox', `${file} ${problem}: ${remedy}`, { cause });
  }
}

/** Unmounts and removes a network namespace; the kernel destroys the namespace when its last process ends. */
export async function removeNetwork(path: string): Promise<void> {
  await unmountIfMounted(path);
  await rm(path, { force: true });
}
