import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Layer, sha256 } from './layer.ts';

/** The only cipher of encrypted layers. Source: ocicrypt, blockcipher. */
export const LAYER_CIPHER = 'AES_256_CTR_HMAC_SHA256';

/** Annotation of an encrypted layer with its {@link PublicOptions} in base64. Source: ocicrypt, encryption. */
export const PUBLIC_OPTIONS = 'org.opencontainers.image.enc.pubopts';

/** End of the media types of encrypted layers. */
const ENCRYPTED = '+encrypted';

const NONCE = 'nonce';
const [KEY_BYTES, NONCE_BYTES] = [32, 16];

/** What a layer's annotations show of its encryption. Source: PublicLayerBlockCipherOptions of ocicrypt. */
export interface PublicOptions {
  readonly cipher: string;
  /** HMAC-SHA256 of the encrypted bytes, in base64. */
  readonly hmac: string;
  readonly cipheroptions: Readonly<Record<string, string>>;
}

/** What only those who have the image's key may know. Source: PrivateLayerBlockCipherOptions of ocicrypt. */
export interface PrivateOptions {
  /** The layer's own key, in base64. */
  readonly symkey: string;
  /** Digest of the layer before its encryption. */
  readonly digest: string;
  readonly cipheroptions: Readonly<Record<string, string>>;
}

/** An encrypted layer and its options. The diff id is still that of the tar archive in the clear. */
export interface EncryptedLayer extends Layer {
  readonly publicOptions: PublicOptions;
  readonly privateOptions: PrivateOptions;
}

/** Encrypts a layer under a random key of its own. */
export function encryptLayer({ bytes: plain, diffId, digest, mediaType }: Layer): EncryptedLayer {
  const [key, nonce] = [randomBytes(KEY_BYTES), randomBytes(NONCE_BYTES)];
  const bytes = createCipheriv('aes-256-ctr', key, nonce).update(plain);
  return {
    mediaType: `${mediaType}${ENCRYPTED}`,
    digest: sha256(bytes),
    diffId,
    bytes,
    publicOptions: { cipher: LAYER_CIPHER, hmac: hmac(key, bytes).toString('base64'), cipheroptions: {} },
    privateOptions: {
      symkey: key.toString('base64'),
      digest,
      cipheroptions: { [NONCE]: nonce.toString('base64') },
    },
  };
}

/** Decrypts the bytes of a layer. Throws if they do not have the HMAC of the options. */
export function decryptLayer(bytes: Uint8Array, open: PublicOptions, secret: PrivateOptions): Buffer {
  if (open.cipher !== LAYER_CIPHER) throw new Error(`cipher ${open.cipher}: expected ${LAYER_CIPHER}`);
  const key = Buffer.from(secret.symkey, 'base64');
  const expected = Buffer.from(open.hmac, 'base64');
  const actual = hmac(key, bytes);
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) throw new Error('the HMAC differs');
  const nonce = open.cipheroptions[NONCE] ?? secret.cipheroptions[NONCE] ?? '';
  return createDecipheriv('aes-256-ctr', key, Buffer.from(nonce, 'base64')).update(bytes);
}

function hmac(key: Uint8Array, bytes: Uint8Array): Buffer {
  return createHmac('sha256', key).update(bytes).digest();
}
