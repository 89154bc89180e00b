import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProvisionError } from '../../../helpers/errors.ts';
import { fileExists } from '../../../helpers/files.ts';
import { kernelVersion } from '../../../helpers/kata/kernel-scripts.ts';
import { run } from '../../../helpers/process/exec.ts';
import type { CustomKernel } from '../../config/resolve-builds.ts';
import type { StepContext } from '../../step.ts';

/** Packs the user's kernel source where the script looks for an archive before it fetches one. Returns its version. */
export async function bringKernel({ path }: CustomKernel, work: string, { say, signal }: StepContext): Promise<string> {
  const unpacked = join(work, 'given');
  const isArchive = !(await stat(path)).isDirectory();
  if (isArchive) {
    say(`unpacking ${path}`);
    await mkdir(unpacked);
    await run(['tar', '-C', unpacked, '--strip-components=1', '-xf', path], { signal });
  }
  const source = isArchive ? unpacked : path;
  const makefile = join(source, 'Makefile');
  if (!(await fileExists(makefile))) {
    throw new ProvisionError(
      'kernel',
      `KATA_KERNEL_SOURCE=${path}: not a kernel source: no Makefile in its top directory`,
    );
  }
  const version = kernelVersion(await readFile(makefile, 'utf8'));
  say(`packing Linux ${version} for upstream's script`);
  const name = `linux-${version}`;
  // Uncompressed despite its name: tar detects the format from the contents.
  const archive = `${name}.tar.xz`;
  const pack = ['--exclude=./.git', '--transform', `s,^\\.,${name},S`, '-cf', join(work, archive), '.'];
  await run(['tar', '-C', source, ...pack], { signal });
  await rm(unpacked, { recursive: true, force: true });
  const { stdout } = await run(['sha256sum', archive], { cwd: work, signal });
  // Older and newer scripts look for the checksum in different files.
  for (const file of ['sha256sums.asc', `${archive}.sha256`]) await writeFile(join(work, file), stdout);
  return version;
}
