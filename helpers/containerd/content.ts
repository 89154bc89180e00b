import type { ContainerdEndpoint } from '../contract/target.ts';
import { HarnessError } from '../errors.ts';
import { run } from '../process/exec.ts';
import { ctrOf } from './ctr.ts';

/** An image in a namespace of containerd. CRI stores an image by several names, of which one is its id. */
export interface StoredImage {
  readonly name: string;
  /** Digest of its manifest or index. */
  readonly digest: string;
}

/** What a namespace of containerd has at some time. */
export interface NamespaceContent {
  readonly exists: boolean;
  readonly images: readonly StoredImage[];
}

/** What to remove of a namespace of containerd. */
export interface ContentRemoval {
  readonly namespace: string;
  /** What the namespace had before, which is kept. */
  readonly before: NamespaceContent;
  /** Digests of the images to remove; if absent, every image is removed whose name the namespace did not have before. */
  readonly digests?: readonly string[];
}

type Server = Pick<ContainerdEndpoint, 'ctr' | 'socket'>;

/** The images in the output of `ctr images list`: a header, then name, media type, digest and more. */
export function parseImages(output: string): readonly StoredImage[] {
  return linesOf(output)
    .slice(1)
    .map((line) => {
      const [name = '', , digest = ''] = line.split(/\s+/);
      return { name, digest };
    });
}

/** Names of the images to remove, of those that a namespace has now. */
export function imagesToRemove(
  now: readonly StoredImage[],
  { before, digests }: Pick<ContentRemoval, 'before' | 'digests'>,
): readonly string[] {
  const had = (one: StoredImage): boolean =>
    before.images.some(({ digest, name }) => name === one.name && (digests === undefined || digest === one.digest));
  return now
    .filter((image) => !had(image) && (digests === undefined || digests.includes(image.digest)))
    .map(({ name }) => name);
}

/** What a namespace of containerd has now. */
export async function contentOf(server: Server, namespace: string): Promise<NamespaceContent> {
  const exists = await namespaceExists(server, namespace);
  return { exists, images: exists ? await imagesOf(server, namespace) : [] };
}

/**
 * Removes images of a namespace with their layers and snapshots, and the namespace if it did not exist before. Without `digests`, throws
 * {@link HarnessError} if a new namespace still has containers, and then removes nothing.
 */
export async function removeContent(server: Server, removal: ContentRemoval): Promise<void> {
  const { before, digests, namespace } = removal;
  if (!(await namespaceExists(server, namespace))) return;
  const ctr = (...args: string[]): Promise<{ readonly stdout: string }> => run([...ctrOf(server, namespace), ...args]);
  const containers = linesOf((await ctr('containers', 'list', '--quiet')).stdout);
  if (containers.length > 0 && !before.exists && digests === undefined) {
    const problem = `namespace ${namespace} of containerd has containers (${containers.join(', ')})`;
    throw new HarnessError('containerd', `${problem}: remove them first`);
  }
  const images = imagesToRemove(await imagesOf(server, namespace), removal);
  if (images.length > 0) await ctr('images', 'remove', ...images);
  const unused = containers.length === 0 && !before.exists && (await imagesOf(server, namespace)).length === 0;
  // A killed import leaves its lease, which keeps the layers for a day.
  const leases = unused ? linesOf((await ctr('leases', 'list', '--quiet')).stdout) : [];
  // `ctr` runs the garbage collector only as part of a removal: of this lease, with which it answers after the collection.
  const [collection = ''] = linesOf((await ctr('leases', 'create')).stdout);
  await ctr('leases', 'delete', '--sync', ...leases, collection);
  if (unused) await ctr('namespaces', 'remove', namespace);
}

async function namespaceExists({ ctr, socket }: Server, namespace: string): Promise<boolean> {
  const { stdout } = await run([ctr, '--address', socket, 'namespaces', 'list', '--quiet']);
  return linesOf(stdout).includes(namespace);
}

async function imagesOf(server: Server, namespace: string): Promise<readonly StoredImage[]> {
  return parseImages((await run([...ctrOf(server, namespace), 'images', 'list'])).stdout);
}

function linesOf(output: string): readonly string[] {
  return output.split('\n').filter(Boolean);
}
