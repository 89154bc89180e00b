import { defined } from '../defined.ts';
import { type Blob, type Layer, sha256 } from './layer.ts';

/** The section `config` of an OCI image configuration. */
export interface ImageConfig {
  readonly Cmd: readonly string[];
  readonly Env: readonly string[];
  readonly Labels?: Readonly<Record<string, string>>;
}

/** A complete OCI image: manifest, configuration, layers. */
export interface Image {
  readonly manifest: Blob;
  readonly config: Blob;
  readonly layers: readonly Layer[];
}

const EPOCH = new Date(0).toISOString();
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
  s390x: 's390x',
  ppc64: 'ppc64le',
};

/** Builds an OCI image. Equal layers and configuration give equal digests. Source: OCI image-spec 1.0. */
export function buildImage(layers: readonly Layer[], config: ImageConfig, nodeArch: string = process.arch): Image {
  const configuration = json('application/vnd.oci.image.config.v1+json', {
    created: EPOCH,
    architecture: ARCHITECTURES[nodeArch] ?? nodeArch,
    os: 'linux',
    config,
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
    history: layers.map(() => ({ created: EPOCH, created_by: 'kata-cc-suite' })),
  });
  const manifest = json('application/vnd.oci.image.manifest.v1+json', {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: descriptor(configuration),
    layers: layers.map(descriptor),
  });
  return { manifest, config: configuration, layers };
}

/** The OCI descriptor of a blob. */
export function descriptor({ annotations, bytes, digest, mediaType }: Blob): object {
  return defined({ mediaType, digest, size: bytes.length, annotations });
}

function json(mediaType: string, value: unknown): Blob {
  const bytes = Buffer.from(JSON.stringify(value));
  return { mediaType, digest: sha256(bytes), bytes };
}
