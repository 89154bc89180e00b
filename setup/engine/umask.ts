/** The default umask of distributions, and of init in a booted guest. */
const USUAL = 0o022;

/**
 * Runs `work` with the usual umask. Guests see the modes of files that set-up creates: with umask 077, processes
 * without root could not read them. Private files set their mode explicitly.
 */
export async function withUsualUmask<Out>(work: () => Promise<Out>): Promise<Out> {
  const own = process.umask(USUAL);
  try {
    return await work();
  } finally {
    process.umask(own);
  }
}
