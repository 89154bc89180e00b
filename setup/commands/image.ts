import { SUITE_IMAGE } from './image/contents.ts';
import { command, type KataCommand } from './kata-command.ts';

/** `pnpm kata image`. */
export function imageCommand(): KataCommand {
  return command('image', 'Build an OCI image of this project that runs the suites on target local without a network')
    .argument('<archive>', 'file to write, an OCI archive')
    .option('--name <reference>', 'name of the image in the archive', SUITE_IMAGE)
    .addHelpText('after', '\nExample:\n  pnpm kata image suite.tar && ctr --namespace k8s.io images import suite.tar')
    .action(async (archive: string, { name }: { readonly name: string }) =>
      (await import('./image/image.ts')).writeSuiteImage(archive, name),
    );
}
