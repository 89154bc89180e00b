import {
  constants,
  createCipheriv,
  createDecipheriv,
  generateKeyPairSync,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../process/exec.ts';
import {
  decryptLayer,
  encryptLayer,
  type PrivateOptions,
  PUBLIC_OPTIONS,
  type PublicOptions,
} from './encrypted-layer.ts';
import { buildImage } from './image.ts';
import { buildLayer, type Layer, type LayerEntry, sha256 } from './layer.ts';
import { writeLayout } from './layout.ts';

/** Annotation with the layer's options as JWE. Source: ocicrypt, keywrap/jwe. */
const JWE = 'org.opencontainers.image.enc.keys.jwe';
const TEXT = 'text of a layer';
const FILE = { path: 'file', type: 'file', mode: 0o644, content: Buffer.from(TEXT) } as const;
const CONFIG = { Cmd: ['/file'], Env: [] };

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-encrypted-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

interface Descriptor {
  readonly digest: string;
  readonly mediaType: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

async function blob(digest: string, layout: string): Promise<Buffer> {
  return readFile(join(directory, layout, 'blobs', 'sha256', digest.slice('sha256:'.length)));
}

/** The only layer of a layout's only image. */
async function layerIn(layout: string): Promise<Descriptor> {
  const index = JSON.parse(await readFile(join(directory, layout, 'index.json'), 'utf8')) as {
    manifests: Descriptor[];
  };
  const manifest = JSON.parse((await blob(index.manifests[0]?.digest ?? '', layout)).toString()) as {
    layers: Descriptor[];
  };
  const [layer] = manifest.layers;
  if (layer === undefined) throw new Error('the image has no layer');
  return layer;
}

function skopeoCopy(...args: readonly string[]): Promise<unknown> {
  return run(['skopeo', '--insecure-policy', 'copy', '--quiet', ...args], { cwd: directory });
}

const url64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const parsed = <T>(base64: string): T => JSON.parse(Buffer.from(base64, 'base64').toString()) as T;

/** A JWE for an RSA key. Source: RFC 7516, section 7.2.2. */
function sealJwe(plain: Uint8Array, key: string): string {
  const header = url64(Buffer.from(JSON.stringify({ alg: 'RSA-OAEP', enc: 'A256GCM' })));
  const [contentKey, iv] = [randomBytes(32), randomBytes(12)];
  const cipher = createCipheriv('aes-256-gcm', contentKey, iv).setAAD(Buffer.from(header));
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  const encrypted = publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING }, contentKey);
  const jwe = { protected: header, encrypted_key: url64(encrypted), iv: url64(iv), ciphertext: url64(ciphertext) };
  return JSON.stringify({ ...jwe, tag: url64(cipher.getAuthTag()) });
}

function openJwe(text: string, key: string): Buffer {
  const jwe = JSON.parse(text) as Readonly<Record<string, string>>;
  const part = (name: string): Buffer => Buffer.from(jwe[name] ?? '', 'base64url');
  const contentKey = privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING }, part('encrypted_key'));
  const decipher = createDecipheriv('aes-256-gcm', contentKey, part('iv'));
  decipher.setAAD(Buffer.from(jwe['protected'] ?? '')).setAuthTag(part('tag'));
  return Buffer.concat([decipher.update(part('ciphertext')), decipher.final()]);
}

function keyPair(): { readonly publicKey: string; readonly privateKey: string } {
  return generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

describe.for([
  ['gzip', 'gzip'],
  ['tar', 'none'],
] as const)('an encrypted %s layer', ([, compression]) => {
  const build = (entries: readonly LayerEntry[]): Promise<Layer> => buildLayer(entries, compression);
  test('skopeo decrypts a layer that encryptLayer encrypted', async () => {
    const { privateKey, publicKey } = keyPair();
    const plain = await build([FILE]);
    const { privateOptions, publicOptions, ...layer } = encryptLayer(plain);
    const annotations = {
      [JWE]: Buffer.from(sealJwe(Buffer.from(JSON.stringify(privateOptions)), publicKey)).toString('base64'),
      [PUBLIC_OPTIONS]: Buffer.from(JSON.stringify(publicOptions)).toString('base64'),
    };
    await writeLayout(join(directory, 'ours'), new Map([['image', buildImage([{ ...layer, annotations }], CONFIG)]]));
    await writeFile(join(directory, 'private.pem'), privateKey, { mode: 0o600 });
    await skopeoCopy('--decryption-key', 'private.pem', 'oci:ours:image', 'oci:decrypted:image');
    const { digest, mediaType } = await layerIn('decrypted');
    expect({ digest, mediaType }).toEqual({ digest: plain.digest, mediaType: plain.mediaType });
  });

  test('encryptLayer hides the text of the layer, and decryptLayer rejects a changed byte', async () => {
    const plain = await build([FILE]);
    const { bytes, digest, diffId, privateOptions, publicOptions } = encryptLayer(plain);
    expect(plain.bytes.includes(TEXT)).toBe(true);
    expect(bytes.includes(TEXT)).toBe(false);
    expect({ digest, diffId }).toEqual({ digest: sha256(bytes), diffId: plain.diffId });
    expect(decryptLayer(bytes, publicOptions, privateOptions)).toEqual(plain.bytes);
    bytes.writeUInt8(bytes.readUInt8(9) ^ 1, 9);
    expect(() => decryptLayer(bytes, publicOptions, privateOptions)).toThrow('the HMAC differs');
  });
});

test('decryptLayer decrypts a layer that skopeo encrypted', async () => {
  const { privateKey, publicKey } = keyPair();
  const plain = await buildLayer([FILE]);
  await writeLayout(join(directory, 'plain'), new Map([['image', buildImage([plain], CONFIG)]]));
  await writeFile(join(directory, 'public.pem'), publicKey);
  await skopeoCopy('--encryption-key', 'jwe:public.pem', 'oci:plain:image', 'oci:theirs:image');
  const { annotations = {}, digest, mediaType } = await layerIn('theirs');
  const wrapped = Buffer.from(annotations[JWE] ?? '', 'base64').toString();
  const secret = JSON.parse(openJwe(wrapped, privateKey).toString()) as PrivateOptions;
  const open = parsed<PublicOptions>(annotations[PUBLIC_OPTIONS] ?? '');
  expect(decryptLayer(await blob(digest, 'theirs'), open, secret)).toEqual(plain.bytes);
  expect(mediaType).toBe(`${plain.mediaType}+encrypted`);
  expect(secret.digest).toBe(plain.digest);
});
