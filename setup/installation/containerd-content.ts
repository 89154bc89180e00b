import { type ContentRemoval, contentOf } from '../../helpers/containerd/content.ts';
import { digestText } from '../engine/digest.ts';
import { CONTAINERD } from './containerd-endpoint.ts';
import type { Installation } from './installation.ts';
import { undoScript } from './undo-script.ts';

/**
 * Registers that undo removes the images of a namespace of this machine's containerd that are not there now, or of these those with the
 * given digests, and the namespace if it does not exist now.
 */
export async function removeContentAtUndo(
  installation: Installation,
  { digests, namespace }: Pick<ContentRemoval, 'digests' | 'namespace'>,
): Promise<void> {
  const of = digests === undefined ? '' : `-${digestText(digests.join(' ')).slice(0, 12)}`;
  const command = undoScript('setup/installation/containerd-content-command.ts');
  await installation.deferWithRecord(`content-of-${namespace}${of}`, command, async () => {
    const before = await contentOf(CONTAINERD, namespace);
    return { namespace, before, ...(digests === undefined ? {} : { digests }) } satisfies ContentRemoval;
  });
}
