import { join } from 'node:path';
import { run } from '../../../helpers/process/exec.ts';
import { distributionSources, sourceLine } from '../../../helpers/toolchain/apt.ts';
import type { ArtefactStep } from '../../step.ts';
import { installing } from '../../steps/packages.ts';
import { suitePackages } from './contents.ts';

const ARCHIVE = 'root.tar';

/** Files that mmdebstrap copies from this machine. */
const OF_THIS_MACHINE = ['etc/hostname', 'etc/resolv.conf'];

const EXCLUDED = ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/info/*', '/usr/share/locale/*'];

/** Set-up step that installs the packages with which the suite image is built. */
const imagePrograms = installing('image-packages', () => ({ tools: ['mmdebstrap', 'skopeo', 'umoci'], libraries: [] }));

/** Set-up step that builds the root file system of the suite image, of this machine's distribution, as a tar archive. */
export const suiteRoot: ArtefactStep = {
  kind: 'artefact',
  id: 'suite-root',
  module: import.meta.url,
  title: 'root file system of the suite image',
  needs: () => [imagePrograms],
  timeoutMs: 2_400_000,
  inputs: (_config, { codename, distribution }) => ({
    values: { distribution: `${distribution} ${codename}`, packages: suitePackages().join(' ') },
  }),
  async make(directory, { config, host, say, signal }) {
    const sources = await distributionSources(host.codename, signal);
    say('installing packages; about two minutes');
    const flags = ['--quiet', '--mode=root', '--variant=minbase', '--format=tar'];
    const excluded = EXCLUDED.map((path) => `--dpkgopt=path-exclude=${path}`);
    const removed = OF_THIS_MACHINE.map((path) => `--customize-hook=rm "$1/${path}"`);
    const where = [host.codename, join(directory, ARCHIVE)];
    const include = `--include=${suitePackages().join(',')}`;
    await run(['mmdebstrap', ...flags, ...excluded, ...removed, include, ...where, ...sources.map(sourceLine)], {
      signal,
      // mmdebstrap then writes equal archives of equal packages.
      env: { ...config.outbound.network, SOURCE_DATE_EPOCH: '0' },
    });
  },
  read: (directory) => join(directory, ARCHIVE),
};
