import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ConfigError } from '../../../helpers/errors.ts';
import { readCheckout } from '../../../helpers/git/checkout.ts';
import { inTemporaryDirectory } from '../../../helpers/temporary-directory.ts';
import { takeOverSignals } from '../../engine/interrupt.ts';
import { projectPath } from '../../project.ts';
import { projectFiles } from '../../repository/project-files.ts';
import { openSession } from '../../session/open-session.ts';
import { writeSuiteArchive } from './archive.ts';
import { writeProjectLayer } from './project-layer.ts';
import { suiteRoot } from './suite-root.ts';

/** Builds the suite image from this checkout, as it is, and writes it as an OCI archive. */
export async function writeSuiteImage(archive: string, name: string): Promise<void> {
  const file = resolve(archive);
  if (!existsSync(dirname(file))) throw new ConfigError(`${archive}: there is no directory ${dirname(file)}`);
  if (!existsSync(projectPath('.git')))
    throw new ConfigError(
      'the suite image is built from a git checkout, which tells files of this project from others',
    );
  const signal = takeOverSignals(() => {});
  await using session = await openSession({
    changes: { target: 'local' },
    build: { steps: [suiteRoot], unresolved: true },
    signal,
  });
  const directory = resolve(projectPath('.'));
  const project = { directory, files: await projectFiles(), checkout: await readCheckout(directory) };
  await inTemporaryDirectory(join(dirname(file), `.${basename(file)}-`), async (temporary) => {
    const layer = join(temporary, 'project.tar');
    console.log('copying this project and its npm packages');
    await writeProjectLayer(layer, project, signal);
    console.log('writing the image');
    const digest = await writeSuiteArchive(file, { name, layers: [session.result(suiteRoot), layer] }, signal);
    console.log(
      `${name} (${digest}) of commit ${project.checkout.commit}${project.checkout.dirty ? ' with changes' : ''}`,
    );
    console.log(`written to ${archive}`);
  });
}
