import { HarnessError } from '../errors.ts';

/** Where a Kata checkout has what makes its QEMU. */
export const QEMU_PACKAGING = {
  patches: 'tools/packaging/qemu/patches',
  scripts: 'tools/packaging/scripts',
  options: 'tools/packaging/scripts/configure-hypervisor.sh',
  /** From 2022 on; before, the same was in a Dockerfile. */
  build: 'tools/packaging/static-build/qemu/build-qemu.sh',
  finish: 'tools/packaging/static-build/scripts/qemu-build-post.sh',
} as const;

/** What upstream calls the QEMU it installs, in paths and in the version it says. */
export const QEMU_NAMES = { hypervisor: 'kata-qemu', packageVersion: 'kata-static' } as const;

/** Upstream's choice (kata-deploy, build-base-qemu.sh); below it, what is run. */
export const QEMU_PREFIX = '/opt/kata';
export const QEMU_FILE = `${QEMU_PREFIX}/bin/qemu-system-x86_64`;
/** Of QEMUs that have the C virtiofsd. */
export const QEMU_VIRTIOFSD = `${QEMU_PREFIX}/libexec/${QEMU_NAMES.hypervisor}/virtiofsd`;

/** Submodules a build for one target needs, in the QEMUs that have them; firmware comes ready in the repository. */
const SUBMODULES = new Set([
  'capstone',
  'dtc',
  'meson',
  'slirp',
  'tests/fp/berkeley-softfloat-3',
  'tests/fp/berkeley-testfloat-3',
  'ui/keycodemapdb',
]);

/** One submodule: where it belongs, from where, and which commit. */
export interface Submodule {
  readonly path: string;
  readonly url: string;
  readonly commit: string;
}

/** The submodules that are needed of a tree, as `git ls-tree -r` lists it, with the text of its .gitmodules. */
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

/** The command line that configures the QEMU in whose tree it is run with upstream's options; `PREFIX` is in the environment. */
export function configureCommand(checkout: string): string[] {
  const options = `bash "$1" -s ${QEMU_NAMES.hypervisor}`;
  const script = `set -o pipefail; ${options} | xargs ./configure --with-pkgversion=${QEMU_NAMES.packageVersion}`;
  return ['bash', '-c', script, 'configure', `${checkout}/${QEMU_PACKAGING.options}`];
}

/** The option for which a QEMU's configure fails: unknown to it, or one without which it does not build. */
export function refusedOption(said: string): string | undefined {
  const unknown = /^ERROR: unknown option (\S+)$/m.exec(said)?.[1];
  if (unknown !== undefined) return unknown;
  const required = /ERROR: Problem encountered: (\w+) not available but required by/.exec(said)?.[1];
  return required === undefined ? undefined : `--disable-${required}`;
}

/** configure-hypervisor.sh without an option; `undefined` when it does not name it. */
export function withoutOption(script: string, option: string): string | undefined {
  // Each is a command of its own, maybe the only one of a branch: what takes its place must be one as well.
  const line = new RegExp(`qemu_options\\+=\\("?[\\w,]+:"?${option.replaceAll('-', '\\-')}"?\\)`, 'g');
  const changed = script.replaceAll(line, ':');
  return changed === script ? undefined : changed;
}

/** configure-hypervisor.sh with one option more. Throws when it is not as it has been in all generations. */
export function withOption(script: string, option: string): string {
  const anchor = /^[ \t]*qemu_options\+=\(minimal:--disable-docs\)$/m;
  if (!anchor.test(script)) throw new HarnessError('qemu', 'configure-hypervisor.sh has no --disable-docs to go by');
  return script.replace(anchor, (line) => `${line}\n\tqemu_options+=(misc:${option})`);
}

/** build-qemu.sh with the paths of upstream's container replaced by ours: where Kata is, and where the archive goes. */
export function relocated(
  script: string,
  { checkout, out }: { readonly checkout: string; readonly out: string },
): string {
  return script.replaceAll('/root/kata-containers', checkout).replaceAll(/ \/share\/$/gm, ` ${out}/`);
}

/** How far ninja says it is: `[490/1936] Compiling …`. */
export function ninjaProgress(line: string): { readonly done: number; readonly of: number } | undefined {
  const [, done, of] = /^\[(\d+)\/(\d+)\]/.exec(line) ?? [];
  return done === undefined ? undefined : { done: Number(done), of: Number(of) };
}
