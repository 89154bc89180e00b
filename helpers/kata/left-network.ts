import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError, messageOf } from '../errors.ts';
import { run } from '../exec.ts';
import { readIfThere } from '../files.ts';
import { SANDBOX_DIR } from './sandbox.ts';

/** What Kata's runtime writes down of a sandbox's network, under its older names and its newer ones. */
interface SavedNetwork {
  readonly NetNsPath?: string;
  readonly NetNsCreated?: boolean;
  readonly NetworkID?: string;
  readonly NetworkCreated?: boolean;
}

/** Of umount(8): what it was asked to unmount is not mounted, or not there. */
const NOT_MOUNTED = 32;

/**
 * The network namespace that Kata's runtime made for a sandbox, which nobody else removes. `undefined` where it made none:
 * the namespace of a pod is its network plug-in's. Source: virtcontainers/persist/api/network.go.
 */
export async function ownNetwork(sandboxId: string): Promise<string | undefined> {
  const file = join(SANDBOX_DIR, sandboxId, 'persist.json');
  const saved = await readIfThere(file);
  if (saved === undefined) return undefined;
  const network = parse(saved, file)?.Network ?? {};
  const path = network.NetNsPath ?? network.NetworkID;
  return (network.NetNsCreated ?? network.NetworkCreated) ? path || undefined : undefined;
}

/** A runtime that is killed while it writes leaves half a file. */
function parse(text: string, file: string): { readonly Network?: SavedNetwork } | null {
  try {
    return JSON.parse(text) as { readonly Network?: SavedNetwork } | null;
  } catch (cause) {
    const remedy = 'remove that by hand if there is one (`ip netns list` shows them), then this file, and try again';
    const problem = `is not whole (${messageOf(cause)}), and only it names the network namespace made for the sandbox`;
    throw new HarnessError('sandbox', `${file} ${problem}: ${remedy}`, { cause });
  }
}

/** Gives a network namespace back to the kernel, which ends it with its last process. */
export async function removeNetwork(path: string): Promise<void> {
  await run(['umount', path], { okCodes: [0, NOT_MOUNTED] });
  await rm(path, { force: true });
}
