import { run } from '../exec.ts';

/** The state of a checkout, as far as git can say. */
export interface Checkout {
  /** Ten digits of the commit; `unknown` where there is no repository (an unpacked archive), or no git. */
  readonly commit: string;
  readonly dirty: boolean;
}

/** Reads the state of this project's own checkout. */
export async function readCheckout(root: string): Promise<Checkout> {
  // In CI root runs what another user has checked out; reading it does no harm.
  const git = async (...args: string[]): Promise<string | undefined> => {
    const command = ['git', '-C', root, '-c', `safe.directory=${root}`, ...args];
    return run(command).then(
      ({ stdout }) => stdout.trim(),
      () => undefined,
    );
  };
  const [commit, status] = await Promise.all([git('rev-parse', '--short=10', 'HEAD'), git('status', '--porcelain')]);
  return { commit: commit ?? 'unknown', dirty: (status ?? '') !== '' };
}
