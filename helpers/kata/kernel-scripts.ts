import { HarnessError } from '../errors.ts';

/** Where a Kata checkout has what makes its guest kernel. */
export const KERNEL_PACKAGING = 'tools/packaging/kernel';

/** The version a kernel's top Makefile says: `6.1.52`. */
export function kernelVersion(makefile: string): string {
  const [version, patchLevel, subLevel] = ['VERSION', 'PATCHLEVEL', 'SUBLEVEL'].map(
    (name) => new RegExp(`^${name} = (\\d+)$`, 'm').exec(makefile)?.[1],
  );
  if (version === undefined || patchLevel === undefined || subLevel === undefined) {
    throw new HarnessError('kernel', 'its Makefile is not that of a kernel: no VERSION, PATCHLEVEL and SUBLEVEL');
  }
  return `${version}.${patchLevel}.${subLevel}`;
}

/** The directory of upstream's patches for a version: `6.1.x`. */
export function patchesFor(version: string): string {
  return `${version.split('.').slice(0, 2).join('.')}.x`;
}

/** Options of upstream's fragments that build-kernel.sh says the kernel did not take. */
export function refusedOptions(said: string): string[] {
  const refused = [...said.matchAll(/Value requested for (CONFIG_\w+) not in final \.config/g)];
  return [...new Set(refused.map(([, option = '']) => option))];
}

/**
 * The command line for one of build-kernel.sh's commands. The version is always given: otherwise the script would look it
 * up with a yq of its own generation. `tree` is where the kernel's source is, or will be.
 */
export function buildKernelCommand(
  checkout: string,
  command: 'setup' | 'build' | 'install',
  { tree, version }: { readonly tree: string; readonly version: string },
): string[] {
  const script = `${checkout}/${KERNEL_PACKAGING}/build-kernel.sh`;
  return ['nice', 'bash', script, '-a', 'x86_64', '-t', 'kvm', '-v', version, '-k', tree, command];
}
