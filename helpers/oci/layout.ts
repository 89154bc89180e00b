import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { descriptor, type Image } from './image.ts';
import type { Blob } from './layer.ts';

/**
 * Writes images as an OCI image layout, each under its name; shared blobs are written once. skopeo reads the layout as
 * `oci:<directory>:<name>`. Source: OCI image-spec 1.0, image-layout.
 */
export async function writeLayout(directory: string, images: ReadonlyMap<string, Image>): Promise<void> {
  const blobs = new Map<string, Blob>();
  for (const image of images.values()) {
    for (const blob of [image.manifest, image.config, ...image.layers]) blobs.set(blob.digest, blob);
  }
  const blobDirectory = join(directory, 'blobs', 'sha256');
  await mkdir(blobDirectory, { recursive: true });
  await Promise.all(
    [...blobs.values()].map((blob) => writeFile(join(blobDirectory, blob.digest.slice('sha256:'.length)), blob.bytes)),
  );
  const manifests = [...images].map(([name, image]) => ({
    ...descriptor(image.manifest),
    annotations: { 'org.opencontainers.image.ref.name': name },
  }));
  await writeFile(join(directory, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  await writeFile(join(directory, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
}
