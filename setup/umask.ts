/** What distributions give every user, and a booted guest its first process. */
const USUAL = 0o022;

/**
 * Does something with the usual umask. Guests see modes of files that set-up makes: with umask 077 a process that is not root
 * would find nothing it may read. What is private has a mode of its own.
 */
export async function withUsualUmask<Out>(work: () => Promise<Out>): Promise<Out> {
  const own = process.umask(USUAL);
  try {
    return await work();
  } finally {
    process.umask(own);
  }
}
