import { createCipheriv, randomBytes } from 'node:crypto';

/**
 * Annotation of an encrypted layer with its wrapped keys, each an {@link AnnotationPacket} as JSON in base64, separated by commas.
 * The name of the key provider is historical; the CDH is what unwraps. Source: confidential-data-hub/hub/src/config/ocicrypt_config.rs
 * of guest-components.
 */
export const WRAPPED_KEYS = 'org.opencontainers.image.enc.keys.provider.attestation-agent';

/** How the options of a layer are encrypted with the image's key. Source: WrapType of guest-components' crate crypto. */
export type WrapType = 'A256GCM' | 'A256CTR';

/** The wrapped key of a layer. Source: AnnotationPacket of confidential-data-hub/hub/src/image/annotation_packet of guest-components. */
export interface AnnotationPacket {
  /** URI of the key that wraps this one: `kbs:///repository/type/tag`. */
  readonly kid: string;
  /** The layer's private options as JSON, encrypted, in base64. */
  readonly wrapped_data: string;
  readonly iv: string;
  readonly wrap_type: string;
  /** Version and provider of packets of the second version; absent in those of the first. */
  readonly version?: string;
  readonly provider?: string;
}

/** An image's key, and the URI by which a guest asks for it. */
export interface ImageKey {
  readonly kid: string;
  readonly key: Buffer;
}

const IV_BYTES: Readonly<Record<WrapType, number>> = { A256GCM: 12, A256CTR: 16 };

/** Wraps the private options of a layer, as JSON, with an image's key. */
export function wrapOptions(
  options: Uint8Array,
  { key, kid }: ImageKey,
  wrapType: WrapType = 'A256GCM',
): AnnotationPacket {
  const iv = randomBytes(IV_BYTES[wrapType]);
  return {
    kid,
    wrapped_data: encrypt(wrapType, key, iv, options).toString('base64'),
    iv: iv.toString('base64'),
    wrap_type: wrapType,
  };
}

function encrypt(wrapType: WrapType, key: Buffer, iv: Buffer, plain: Uint8Array): Buffer {
  if (wrapType === 'A256CTR') return createCipheriv('aes-256-ctr', key, iv).update(plain);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}
