import { mkdir, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { run } from '../../../helpers/process/exec.ts';
import { inTemporaryDirectory } from '../../../helpers/temporary-directory.ts';
import { SUITE_DIRECTORY, SUITE_ENVIRONMENT } from './contents.ts';

/** Time of everything in the image, so that equal layers give an equal digest. */
const EPOCH = '1970-01-01T00:00:00Z';
const HISTORY = [`--history.created=${EPOCH}`, '--history.author=kata-cc-suite'];

/** Content of the suite image. */
export interface SuiteImageContent {
  /** Name of the image in the archive. */
  readonly name: string;
  /** Layers as tar archives, the lowest first. */
  readonly layers: readonly string[];
}

/** Writes the suite image as an OCI archive, completely or not at all, and returns the digest of its manifest. */
export async function writeSuiteArchive(
  file: string,
  { layers, name }: SuiteImageContent,
  signal?: AbortSignal,
): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  return inTemporaryDirectory(join(dirname(file), `.${basename(file)}-`), async (directory) => {
    const layout = join(directory, 'layout');
    const image = `--image=${layout}:suite`;
    await run(['umoci', 'init', `--layout=${layout}`], { signal });
    await run(['umoci', 'new', image], { signal });
    for (const layer of layers) await run(['umoci', 'raw', 'add-layer', image, ...HISTORY, layer], { signal });
    const environment = Object.entries(SUITE_ENVIRONMENT).map(([key, value]) => `--config.env=${key}=${value}`);
    const config = [`--config.workingdir=${SUITE_DIRECTORY}`, '--config.cmd=pnpm', '--config.cmd=test', ...environment];
    await run(['umoci', 'config', image, `--created=${EPOCH}`, ...HISTORY, ...config], { signal });
    const archive = join(directory, 'archive');
    const copy = ['skopeo', '--insecure-policy', 'copy', '--quiet', `oci:${layout}:suite`];
    await run([...copy, `oci-archive:${archive}:${name}`], { signal });
    await rename(archive, file);
    const inspect = ['skopeo', 'inspect', '--format={{.Digest}}', `oci-archive:${file}:${name}`];
    return (await run(inspect, { signal })).stdout.trim();
  });
}
