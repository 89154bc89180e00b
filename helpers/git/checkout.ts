import { join } from 'node:path';
import { jsonObject, readIfThere } from '../files.ts';
import { run } from '../process/exec.ts';

/** Commit and state of a checkout. */
export interface Checkout {
  /** Ten digits of the commit; `unknown` without a repository (an unpacked archive), or without git. */
  readonly commit: string;
  readonly dirty: boolean;
}

/** File by which a copy of a checkout without a repository, as in the suite image, names the checkout. */
export const CHECKOUT_FILE = '.checkout.json';

/** Reads the state of this project's own checkout. */
export async function readCheckout(root: string): Promise<Checkout> {
  // In CI, root reads a checkout that belongs to another user, which git rejects without safe.directory.
  const git = async (...args: string[]): Promise<string | undefined> => {
    const command = ['git', '-C', root, '-c', `safe.directory=${root}`, ...args];
    return run(command).then(
      ({ stdout }) => stdout.trim(),
      () => undefined,
    );
  };
  const named = await readNamed(root);
  if (named !== undefined) return named;
  const [commit, status] = await Promise.all([git('rev-parse', '--short=10', 'HEAD'), git('status', '--porcelain')]);
  return { commit: commit ?? 'unknown', dirty: (status ?? '') !== '' };
}

async function readNamed(root: string): Promise<Checkout | undefined> {
  const text = await readIfThere(join(root, CHECKOUT_FILE));
  const { commit, dirty } = (text === undefined ? undefined : jsonObject(text)) ?? {};
  return typeof commit === 'string' && typeof dirty === 'boolean' ? { commit, dirty } : undefined;
}
