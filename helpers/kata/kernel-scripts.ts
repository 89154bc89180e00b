import { HarnessError } from '../errors.ts';

/** Directory of a Kata checkout with the scripts that build Kata's guest kernel. */
export const KERNEL_PACKAGING = 'tools/packaging/kernel';

/** The kernel version that a kernel's top-level Makefile states, such as `6.1.52`. */
export function kernelVersion(makefile: string): string {
  const [version, patchLevel, subLevel] = ['VERSION', 'PATCHLEVEL', 'SUBLEVEL'].map(
    (name) => new RegExp(`^${name} = (\\d+)$`, 'm').exec(makefile)?.[1],
  );
  if (version === undefined || patchLevel === undefined || subLevel === undefined) {
    throw new HarnessError('kernel', 'its Makefile is not a kernel’s: VERSION, PATCHLEVEL or SUBLEVEL is missing');
  }
  return `${version}.${patchLevel}.${subLevel}`;
}

/** The directory with upstream's patches for a kernel version, such as `6.1.x`. */
export function patchesFor(version: string): string {
  return `${version.split('.').slice(0, 2).join('.')}.x`;
}

/** Kernel options of upstream's config fragments that build-kernel.sh reports as missing in the final .config. */
export function missingOptions(said: string): string[] {
  const refused = [...said.matchAll(/Value requested for (CONFIG_\w+) not in final \.config/g)];
  return [...new Set(refused.map(([, option = '']) => option))];
}

/**
 * The command line of build-kernel.sh with one of its commands. It always contains the kernel version: otherwise the
 * script looks the version up with the yq of its own generation. `tree` is the directory of the kernel source, which
 * the command `setup` creates.
 */
export function buildKernelCommand(
  checkout: string,
  command: 'setup' | 'build' | 'install',
  { tree, version }: { readonly tree: string; readonly version: string },
): string[] {
  const script = `${checkout}/${KERNEL_PACKAGING}/build-kernel.sh`;
  return ['nice', 'bash', script, '-a', 'x86_64', '-t', 'kvm', '-v', version, '-k', tree, command];
}
