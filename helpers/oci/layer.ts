import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';

/** Properties of each entry of a layer; the owner is root by default. */
interface Common {
  readonly path: string;
  readonly uid?: number;
  readonly gid?: number;
  /** Extended attributes by name, `user.note`. */
  readonly xattrs?: Readonly<Record<string, string>>;
}

/**
 * One file, directory, link or special file in an image layer. Its mtime is the epoch, so that equal contents have
 * equal digests.
 */
export type LayerEntry = Common &
  (
    | { readonly type: 'file'; readonly mode: number; readonly content: Buffer }
    | { readonly type: 'directory'; readonly mode: number }
    | { readonly type: 'fifo'; readonly mode: number }
    | { readonly type: 'symlink'; readonly to: string }
    | { readonly type: 'hard link'; readonly to: string }
    | {
        readonly type: 'character-device' | 'block-device';
        readonly mode: number;
        readonly major: number;
        readonly minor: number;
      }
  );

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

/** How the archive of a layer is compressed. */
export type LayerCompression = 'gzip' | 'zstd' | 'none';

/** Media types of layers by compression. Source: OCI image-spec 1.1, layer. */
export const LAYER_TYPES: Readonly<Record<LayerCompression, string>> = {
  gzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  zstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
  none: 'application/vnd.oci.image.layer.v1.tar',
};

/** Builds a layer of an image from these entries, in this order, by default as gzip. */
export async function buildLayer(
  entries: readonly LayerEntry[],
  compression: LayerCompression = 'gzip',
): Promise<Layer> {
  const archive = pack();
  for (const entry of entries) archive.entry(headers(entry), entry.type === 'file' ? entry.content : '');
  archive.finalize();
  return layerOf(await buffer(archive), compression);
}

/** A layer of these bytes, which should be a tar archive. */
export function layerOf(tar: Buffer, compression: LayerCompression = 'gzip'): Layer {
  const bytes = compressed(tar, compression);
  return { mediaType: LAYER_TYPES[compression], digest: sha256(bytes), diffId: sha256(tar), bytes };
}

/** gzip stores the data, so the digest does not depend on the version of zlib, and a large layer costs no time. */
function compressed(tar: Buffer, compression: LayerCompression): Buffer {
  if (compression === 'none') return tar;
  return compression === 'zstd' ? zstdCompressSync(tar) : gzipSync(tar, { level: 0 });
}

function headers(entry: LayerEntry): Partial<Header> & { name: string } {
  const { gid = 0, path, uid = 0, xattrs = {} } = entry;
  const pax = Object.fromEntries(Object.entries(xattrs).map(([name, value]) => [`SCHILY.xattr.${name}`, value]));
  const common = { name: path, uid, gid, mtime: new Date(0), ...(entry.xattrs && { pax }) };
  switch (entry.type) {
    case 'file':
      return { ...common, type: 'file', mode: entry.mode, size: entry.content.length };
    case 'symlink':
      return { ...common, type: 'symlink', linkname: entry.to, mode: 0o777 };
    case 'hard link':
      return { ...common, type: 'link', linkname: entry.to, mode: 0o644 };
    case 'directory':
    case 'fifo':
      return { ...common, type: entry.type, mode: entry.mode };
    default:
      return { ...common, type: entry.type, mode: entry.mode, devmajor: entry.major, devminor: entry.minor };
  }
}
