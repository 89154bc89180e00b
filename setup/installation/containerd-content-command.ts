import { readFile } from 'node:fs/promises';
import { type ContentRemoval, removeContent } from '../../helpers/containerd/content.ts';
import { CONTAINERD } from './containerd-endpoint.ts';
import { undoCommand } from './undo-command.ts';

/** A command that runs when an installation is undone: it removes the content of containerd that the record, its argument, describes. */
const [record = ''] = process.argv.slice(2);
await undoCommand(async () => {
  await removeContent(CONTAINERD, JSON.parse(await readFile(record, 'utf8')) as ContentRemoval);
});
