import { HarnessError } from '../errors.ts';

/** Paths in a Kata checkout of the scripts and patches that build Kata's QEMU. */
export const QEMU_PACKAGING = {
  patches: 'tools/packaging/qemu/patches',
  scripts: 'tools/packaging/scripts',
  options: 'tools/packaging/scripts/configure-hypervisor.sh',
  /** Script that builds QEMU, in Kata since 2022; before, a Dockerfile had the same commands. */
  build: 'tools/packaging/static-build/qemu/build-qemu.sh',
  finish: 'tools/packaging/static-build/scripts/qemu-build-post.sh',
} as const;

/** Name of upstream's QEMU in paths, and its package version string. */
export const QEMU_NAMES = { hypervisor: 'kata-qemu', packageVersion: 'kata-static' } as const;

/** Upstream's installation prefix for QEMU (kata-deploy, build-base-qemu.sh). */
export const QEMU_PREFIX = '/opt/kata';
export const QEMU_FILE = `${QEMU_PREFIX}/bin/qemu-system-x86_64`;
/** Path of the C virtiofsd, which older QEMUs include. */
export const QEMU_VIRTIOFSD = `${QEMU_PREFIX}/libexec/${QEMU_NAMES.hypervisor}/virtiofsd`;

/**
 * Submodules of QEMU that a build for one target needs, if that QEMU has them; firmware is prebuilt in the repository.
 */
const SUBMODULES = new Set([
  'capstone',
  'dtc',
  'meson',
  'slirp',
  'tests/fp/berkeley-softfloat-3',
  'tests/fp/berkeley-testfloat-3',
  'ui/keycodemapdb',
]);

/** One submodule of QEMU's repository: path in the tree, URL and commit. */
export interface Submodule {
  readonly path: string;
  readonly url: string;
  readonly commit: string;
}

/** The submodules that a build of QEMU needs, from the output of `git ls-tree -r` and the text of .gitmodules. */
export function submodulesOf(listed: string, gitmodules: string): Submodule[] {
  const urls = new Map(
    gitmodules.split(/^\[submodule .*$/m).map((section) => {
      const [path = '', url = ''] = ['path', 'url'].map(
        (key) => new RegExp(`^\\s*${key}\\s*=\\s*(\\S+)`, 'm').exec(section)?.[1],
      );
      return [path, url] as const;
    }),
  );
  return [...listed.matchAll(/^160000 commit ([0-9a-f]{40})\t(.*)$/gm)].flatMap(([, commit = '', path = '']) => {
    const url = urls.get(path);
    return url && SUBMODULES.has(path) ? [{ path, url, commit }] : [];
  });
}

/** The command line that configures QEMU with upstream's options; it runs in QEMU's tree, with `PREFIX` set. */
export function configureCommand(checkout: string): string[] {
  const options = `bash "$1" -s ${QEMU_NAMES.hypervisor}`;
  const script = `set -o pipefail; ${options} | xargs ./configure --with-pkgversion=${QEMU_NAMES.packageVersion}`;
  return ['bash', '-c', script, 'configure', `${checkout}/${QEMU_PACKAGING.options}`];
}

/** The option that makes QEMU's configure fail: an unknown option, or the `--disable-` of a required feature. */
export function rejectedOption(said: string): string | undefined {
  const unknown = /^ERROR: unknown option (\S+)$/m.exec(said)?.[1];
  if (unknown !== undefined) return unknown;
  const required = /ERROR: Problem encountered: (\w+) not available but required by/.exec(said)?.[1];
  return required === undefined ? undefined : `--disable-${required}`;
}

/** The text of configure-hypervisor.sh without an option; `undefined` if the script does not have the option. */
export function withoutOption(script: string, option: string): string | undefined {
  // A no-op command replaces each assignment, which may be the only command of a branch of the script.
  const line = new RegExp(`qemu_options\\+=\\("?[\\w,]+:"?${option.replaceAll('-', '\\-')}"?\\)`, 'g');
  const changed = script.replaceAll(line, ':');
  return changed === script ? undefined : changed;
}

/**
 * The text of configure-hypervisor.sh with an additional option. Throws if the script lacks the line that all
 * generations have had.
 */
export function withOption(script: string, option: string): string {
  const anchor = /^[ \t]*qemu_options\+=\(minimal:--disable-docs\)$/m;
  if (!anchor.test(script))
    throw new HarnessError('qemu', 'configure-hypervisor.sh has no --disable-docs to add an option after');
  return script.replace(anchor, (line) => `${line}\n\tqemu_options+=(misc:${option})`);
}

/**
 * The text of build-qemu.sh with the paths of upstream's build container replaced: the Kata checkout, and the archive's
 * directory.
 */
export function relocated(
  script: string,
  { checkout, out }: { readonly checkout: string; readonly out: string },
): string {
  return script.replaceAll('/root/kata-containers', checkout).replaceAll(/ \/share\/$/gm, ` ${out}/`);
}

/** Parses ninja's progress lines, such as `[490/1936] Compiling …`. */
export function ninjaProgress(line: string): { readonly done: number; readonly of: number } | undefined {
  const [, done, of] = /^\[(\d+)\/(\d+)\]/.exec(line) ?? [];
  return done === undefined ? undefined : { done: Number(done), of: Number(of) };
}
