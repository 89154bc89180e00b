import { descriptor, type Image } from './image.ts';
import { type Blob, sha256 } from './layer.ts';

/** Platform of an entry of an image index. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
}

/** An image index, or a manifest list of Docker, and the images in it. */
export interface ImageIndex {
  readonly manifest: Blob;
  readonly images: readonly Image[];
}

/** Media types of an index. Source: OCI image-spec 1.1, image-index; Docker's image manifest v2, schema 2. */
export const INDEX_TYPES = {
  oci: 'application/vnd.oci.image.index.v1+json',
  docker: 'application/vnd.docker.distribution.manifest.list.v2+json',
} as const;

/** Builds an index of these images, in this order. */
export function buildIndex(
  entries: readonly { readonly image: Image; readonly platform?: Platform }[],
  kind: keyof typeof INDEX_TYPES = 'oci',
): ImageIndex {
  const mediaType = INDEX_TYPES[kind];
  const manifests = entries.map(({ image, platform }) => ({ ...descriptor(image.manifest), platform }));
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, manifests }));
  return { manifest: { mediaType, digest: sha256(bytes), bytes }, images: entries.map(({ image }) => image) };
}
