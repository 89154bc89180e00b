import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProvisionError } from '../../../helpers/errors.ts';
import { fileExists } from '../../../helpers/files.ts';
import { kernelVersion } from '../../../helpers/kata/kernel-scripts.ts';
import { run } from '../../../helpers/process/exec.ts';
import type { CustomKernel } from '../../config/resolved.ts';
import type { StepContext } from '../../step.ts';

/**
 * Packs the user's kernel source into an archive at the place where build-kernel.sh looks before it fetches one.
 * Returns the kernel's version.
 */
export async function packKernelSource(
  { path }: CustomKernel,
  work: string,
  { say, signal }: StepContext,
): Promise<string> {
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
  // The archive is not compressed despite its name: tar detects the format from the contents.
  const archive = `${name}.tar.xz`;
  const pack = ['--exclude=./.git', '--transform', `s,^\\.,${name},S`, '-cf', join(work, archive), '.'];
  await run(['tar', '-C', source, ...pack], { signal });
  await rm(unpacked, { recursive: true, force: true });
  const { stdout } = await run(['sha256sum', archive], { cwd: work, signal });
  // The checksum is written to both files in which older and newer scripts look for it.
  for (const file of ['sha256sums.asc', `${archive}.sha256`]) await writeFile(join(work, file), stdout);
  return version;
}
