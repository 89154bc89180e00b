import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileExists } from '../../../helpers/files.ts';
import {
  configureCommand,
  QEMU_PACKAGING,
  QEMU_PREFIX,
  rejectedOption,
  withOption,
  withoutOption,
} from '../../../helpers/kata/qemu-scripts.ts';
import { run } from '../../../helpers/process/exec.ts';
import type { StepContext } from '../../step.ts';
import { type BuildLog, saidBy } from '../source/build-log.ts';
import type { QemuSource } from '../source/qemu-source.ts';

/**
 * Optional QEMU features by option name: pkg-config library, and a function whose linking pulls in all dependencies.
 */
const OPTIONAL = {
  gio: ['gio-2.0', 'g_unix_mounts_get'],
  gnutls: ['gnutls', 'gnutls_global_init'],
  libpmem: ['libpmem', 'pmem_is_pmem'],
  libudev: ['libudev', 'udev_new'],
} as const;

/** Shell script that fails if a library is installed but a program cannot be linked with it statically. */
const LINK = `pkg-config --exists "$1" || exit 0
echo "void $2(void); int main(void) { $2(); return 0; }" |
  gcc -static -x c - -o /dev/null $(pkg-config --static --libs "$1") 2>/dev/null`;

/**
 * Adapts the copy of upstream's scripts that is built to this machine and to the QEMU source. Upstream links
 * statically, in a container that has every static library; features whose library this machine has only for dynamic
 * linking are disabled. For a QEMU other than the one that Kata names, it makes the fewest changes: no patches if Kata
 * has none for it, and no options that its configure rejects. Returns the changes, for messages.
 */
export async function fitScripts(checkout: string, source: QemuSource, context: Fitting): Promise<string[]> {
  const { given, label } = source;
  return [
    ...(given === undefined ? [] : [`QEMU ${label} from ${given}`]),
    ...(await fitMachine(checkout, context)),
    ...(source.foreign ? await fitQemu(checkout, source, context) : []),
  ];
}

interface Fitting extends Pick<StepContext, 'config'> {
  readonly log: BuildLog;
  readonly signal: AbortSignal;
  say(text: string): void;
}

async function fitMachine(checkout: string, { signal }: Fitting): Promise<string[]> {
  const without: string[] = [];
  for (const [name, [library, symbol]] of Object.entries(OPTIONAL)) {
    const { exitCode } = await run(['sh', '-c', LINK, 'link', library, symbol], { signal, okCodes: [0, 1] });
    if (exitCode !== 0) without.push(name);
  }
  if (without.length === 0) return [];
  const file = join(checkout, QEMU_PACKAGING.options);
  await writeFile(file, without.reduce(disabled, await readFile(file, 'utf8')));
  return [`without ${without.join(', ')}: this machine cannot link them statically`];
}

async function fitQemu(
  checkout: string,
  { label, tree, version }: QemuSource,
  { config, log, say }: Fitting,
): Promise<string[]> {
  const changes = [`Kata's versions.yaml names another QEMU than ${label}`];
  const branch = `${version.split('.').slice(0, 2).join('.')}.x`;
  for (const patches of [branch, join('tag_patches', label)]) {
    const directory = join(checkout, QEMU_PACKAGING.patches, patches);
    if (await fileExists(directory)) continue;
    await mkdir(directory, { recursive: true });
    changes.push(`Kata has no patches for ${patches}`);
  }
  const refused: string[] = [];
  const options = join(checkout, QEMU_PACKAGING.options);
  for (;;) {
    say(`trying upstream's options on QEMU ${label}`);
    try {
      await log.run('configure', configureCommand(checkout), {
        cwd: tree,
        env: { ...config.outbound.network, PREFIX: QEMU_PREFIX },
      });
      break;
    } catch (error) {
      const option = rejectedOption(saidBy(error));
      const script = option === undefined ? undefined : withoutOption(await readFile(options, 'utf8'), option);
      if (option === undefined || script === undefined) throw error;
      await writeFile(options, script);
      refused.push(option);
    }
  }
  for (const made of ['build', 'GNUmakefile']) await rm(join(tree, made), { recursive: true, force: true });
  if (refused.length === 0) return changes;
  return [...changes, `without ${refused.join(', ')}, which QEMU ${label} does not have`];
}

/** The text of configure-hypervisor.sh with a feature disabled, even if the script enables it. */
function disabled(script: string, name: string): string {
  return withOption(withoutOption(script, `--enable-${name}`) ?? script, `--disable-${name}`);
}
