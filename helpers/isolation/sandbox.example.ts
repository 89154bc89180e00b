import { findProgram } from '../process/programs.ts';

/** Why tests of isolated builds cannot run on this machine; `undefined` if they can. */
export async function whyNoSandbox(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'they need root';
  return (await findProgram('bwrap')) === undefined ? 'the package bubblewrap is not installed' : undefined;
}
