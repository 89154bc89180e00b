import { Readable } from 'node:stream';
import type { Image } from '../oci/image.ts';
import type { ImageIndex } from '../oci/image-index.ts';
import type { Blob } from '../oci/layer.ts';

/** An answer of a registry to GET or HEAD: status, headers, and the body as a stream. */
export interface RegistryAnswer {
  readonly statusCode?: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

/** What a repository serves: one tag, and blobs and manifests by the digests that they claim to have. */
export interface RepositoryContent {
  readonly tag: string;
  /** The manifest of the tag: of an image, or an index. */
  readonly manifest: Blob;
  /** Further manifests, which are requested by digest: those of an index. */
  readonly manifests: readonly Blob[];
  readonly blobs: readonly Blob[];
}

/** The content of a repository with one image, or with an index and its images. */
export function contentOf(content: Image | ImageIndex): RepositoryContent {
  const images = 'images' in content ? content.images : [content];
  return {
    tag: 'latest',
    manifest: content.manifest,
    manifests: images.map(({ manifest }) => manifest),
    blobs: images.flatMap(({ config, layers }) => [config, ...layers]),
  };
}

/** Repositories of images made at run time, by name. They may be invalid, as no other registry would store them. */
export type RegistryContent = ReadonlyMap<string, RepositoryContent>;

const CHUNK = 65_536;
const REQUEST = /^\/v2\/(.+)\/(manifests|blobs)\/([^/?]+)(?:\?|$)/;

/**
 * Answers a request for one of the repositories; `undefined` if the request is for none of them. Source: OCI
 * distribution-spec 1.1, pulling manifests and blobs.
 */
export function answerFrom(content: RegistryContent, method: string, url: string): RegistryAnswer | undefined {
  const [, name = '', kind, reference = ''] = REQUEST.exec(url) ?? [];
  const repository = content.get(name);
  if (repository === undefined) return undefined;
  const found = kind === 'manifests' ? manifestOf(repository, reference) : blobOf(repository, reference);
  if (found === undefined) return missing(kind === 'manifests' ? 'MANIFEST_UNKNOWN' : 'BLOB_UNKNOWN');
  const { bytes, digest, mediaType } = found;
  const headers = {
    'content-type': kind === 'manifests' ? mediaType : 'application/octet-stream',
    'content-length': String(bytes.length),
    'docker-content-digest': digest,
  };
  return { statusCode: 200, headers, body: Readable.from(method === 'HEAD' ? [] : chunksOf(bytes)) };
}

/** The bytes in pieces, as they arrive from a network. */
function* chunksOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK);
}

function manifestOf({ manifest, manifests, tag }: RepositoryContent, reference: string): Blob | undefined {
  if (reference === tag) return manifest;
  return [manifest, ...manifests].find(({ digest }) => digest === reference);
}

function blobOf({ blobs }: RepositoryContent, reference: string): Blob | undefined {
  return blobs.find(({ digest }) => digest === reference);
}

function missing(code: string): RegistryAnswer {
  const body = Buffer.from(JSON.stringify({ errors: [{ code, message: 'not served' }] }));
  const headers = { 'content-type': 'application/json', 'content-length': String(body.length) };
  return { statusCode: 404, headers, body: Readable.from([body]) };
}
