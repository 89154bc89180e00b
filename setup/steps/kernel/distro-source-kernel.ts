import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProvisionError } from '../../../helpers/errors.ts';
import { run } from '../../../helpers/process/exec.ts';
import { dependenciesOf, unpackPackages } from '../../../helpers/toolchain/apt.ts';
import { projectPath } from '../../project.ts';
import type { StepContext } from '../../step.ts';
import { NEUTRAL } from '../source/neutral-build.ts';

/** The package, in Debian and Ubuntu, that depends on the distribution's kernel source. */
const SOURCE = 'linux-source';

const CONFIGURATION = projectPath('setup/guest/kernel.config');

const PROGRESS_EVERY = 100;

/**
 * Builds the distribution's kernel source with our configuration alone, everything built in. The image is an ELF file
 * with a PVH entry, which starts without decompressing itself. Takes minutes. Returns the kernel release.
 */
export async function buildKernel(
  tree: string,
  image: string,
  { config, host, say, signal }: Pick<StepContext, 'config' | 'host' | 'say' | 'signal'>,
): Promise<string> {
  const [name] = (await dependenciesOf(SOURCE, signal)).filter((dependency) => /^linux-source-\d/.test(dependency));
  if (name === undefined) {
    throw new ProvisionError(
      'kernel',
      `the package ${SOURCE} depends on no linux-source package; run apt-get update and try again`,
    );
  }
  say(`downloading ${name}`);
  await unpackPackages([name], tree, { env: config.outbound.network, signal });
  const usrSrc = join(tree, 'usr/src');
  const archives = await filesIn(usrSrc, /^linux-source-[\d.]+\.tar\.\w+$/, name);
  say('unpacking');
  await run(['tar', '-C', usrSrc, '-xf', archives], { signal });
  const source = await filesIn(usrSrc, /^linux-source-[\d.]+$/, name);

  const make = (targets: readonly string[], onLine?: (line: string) => void): Promise<unknown> =>
    run(['nice', 'make', `-j${host.cpus}`, ...targets], {
      cwd: source,
      env: NEUTRAL,
      signal,
      ...(onLine ? { onLine } : {}),
    });
  await make(['allnoconfig']);
  await run(['scripts/kconfig/merge_config.sh', '-m', '.config', CONFIGURATION], {
    cwd: source,
    signal,
  });
  await make(['olddefconfig']);
  await refuseDropped(join(source, '.config'));
  let objects = 0;
  await make(['vmlinux'], () => {
    objects += 1;
    if (objects % PROGRESS_EVERY === 0) say(`compiling: ${objects} of about 2,300 steps`);
  });
  await run(['strip', '--strip-all', '-o', image, join(source, 'vmlinux')], { signal });
  return (await readFile(join(source, 'include/config/kernel.release'), 'utf8')).trim();
}

async function filesIn(directory: string, pattern: RegExp, what: string): Promise<string> {
  const [name] = (await readdir(directory)).filter((entry) => pattern.test(entry));
  if (name === undefined)
    throw new ProvisionError('kernel', `${what} contains no entry that matches ${pattern.source}`);
  return join(directory, name);
}

/** Throws for kernel options that kconfig dropped without an error: misspelt ones, or ones with unmet dependencies. */
async function refuseDropped(configFile: string): Promise<void> {
  const [wanted, got] = await Promise.all([CONFIGURATION, configFile].map((file) => readFile(file, 'utf8')));
  const dropped = droppedOptions(wanted ?? '', got ?? '');
  if (dropped.length === 0) return;
  throw new ProvisionError('kernel', `setup/guest/kernel.config: this kernel drops ${dropped.join(', ')}`);
}

/** Options of a kernel configuration that have another value, or none, in a second configuration. */
export function droppedOptions(wanted: string, got: string): string[] {
  const has = parseOptions(got);
  return [...parseOptions(wanted)].flatMap(([option, value]) =>
    (has.get(option) ?? 'n') === value ? [] : [`${option}=${value}`],
  );
}

function parseOptions(text: string): ReadonlyMap<string, string> {
  const set = [...text.matchAll(/^(CONFIG_\w+)=(.*)$/gm)].map(
    ([, option = '', value = '']) => [option, value] as const,
  );
  const unset = [...text.matchAll(/^# (CONFIG_\w+) is not set$/gm)].map(([, option = '']) => [option, 'n'] as const);
  return new Map([...set, ...unset]);
}
