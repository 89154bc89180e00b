import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';

/**
 * One file, directory or link in an image layer. Its owner is root and its mtime the epoch, so that equal contents have
 * equal digests.
 */
export type LayerEntry =
  | { readonly path: string; readonly type: 'file'; readonly mode: number; readonly content: Buffer }
  | { readonly path: string; readonly type: 'directory'; readonly mode: number }
  | { readonly path: string; readonly type: 'symlink'; readonly to: string };

/** A blob of an OCI image, with the digest of its bytes. */
export interface Blob {
  readonly mediaType: string;
  /** Digest of the blob, `sha256:<64 hex>`. */
  readonly digest: string;
  readonly bytes: Buffer;
  /** Annotations of the blob's descriptor. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An image layer: the compressed blob, and the digest of the tar archive inside. */
export interface Layer extends Blob {
  readonly diffId: string;
}

export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/**
 * Builds a gzip layer of an image from these entries, in this order. The data is stored, not deflated, so the digest
 * does not depend on the version of zlib, and a large layer costs no time.
 */
export async function buildLayer(entries: readonly LayerEntry[]): Promise<Layer> {
  const tar = await archiveOf(entries);
  return layerOf(`${TAR}+gzip`, gzipSync(tar, { level: 0 }), tar);
}

/** Builds a layer of an image that is not compressed. */
export async function buildTarLayer(entries: readonly LayerEntry[]): Promise<Layer> {
  const tar = await archiveOf(entries);
  return layerOf(TAR, tar, tar);
}

const TAR = 'application/vnd.oci.image.layer.v1.tar';

function layerOf(mediaType: string, bytes: Buffer, tar: Buffer): Layer {
  return { mediaType, digest: sha256(bytes), diffId: sha256(tar), bytes };
}

async function archiveOf(entries: readonly LayerEntry[]): Promise<Buffer> {
  const archive = pack();
  for (const entry of entries) archive.entry(headers(entry), entry.type === 'file' ? entry.content : '');
  archive.finalize();
  return buffer(archive);
}

function headers(entry: LayerEntry): Partial<Header> & { name: string } {
  const common = { name: entry.path, uid: 0, gid: 0, mtime: new Date(0) };
  switch (entry.type) {
    case 'file':
      return { ...common, type: 'file', mode: entry.mode, size: entry.content.length };
    case 'directory':
      return { ...common, type: 'directory', mode: entry.mode };
    case 'symlink':
      return { ...common, type: 'symlink', linkname: entry.to, mode: 0o777 };
  }
}
