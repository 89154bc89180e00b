import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createServerCertificate, type ServerCertificate } from '../registry/certificates.ts';
import { kbsConfiguration } from './configuration.ts';

/** The files of a KBS, with which it can be started again and again. */
export interface KbsFiles {
  readonly configuration: string;
  /** Private key of the admin's tokens, which no file has. */
  readonly adminKey: KeyObject;
  /** Key with which the KBS signs attestation tokens, and its certificate. */
  readonly signer: ServerCertificate;
  /** Certificate of a KBS that serves HTTPS. */
  readonly tls: ServerCertificate | undefined;
}

/** How a KBS differs from one that serves plain HTTP. */
export interface KbsChoices {
  /** IP addresses of its certificate besides 127.0.0.1; without them it serves plain HTTP. */
  readonly tls?: readonly string[] | undefined;
  /** Minutes for which its attestation tokens are valid, 5 by default; it accepts them for one minute more. */
  readonly tokenMinutes?: number | undefined;
}

/** Creates a new directory with the keys, the configuration and the empty storage of a KBS. */
export async function createKbsFiles(
  dir: string,
  { tls: addresses, tokenMinutes }: KbsChoices,
  signal?: AbortSignal,
): Promise<KbsFiles> {
  const below = (name: string): string => join(dir, name);
  for (const path of [dir, below('storage'), below('signer'), below('tls')]) await mkdir(path, { mode: 0o700 });
  const signer = await createServerCertificate(below('signer'), ['127.0.0.1'], signal);
  const tls = addresses && (await createServerCertificate(below('tls'), ['127.0.0.1', ...addresses], signal));
  const admin = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await writeFile(below('admin.pem'), admin.publicKey.export({ format: 'pem', type: 'spki' }), { mode: 0o600 });
  const configuration = kbsConfiguration({
    storage: below('storage'),
    signer: { ...signer, authority: below('signer/authority.pem') },
    adminKey: below('admin.pem'),
    tls,
    tokenMinutes,
  });
  await writeFile(below('kbs.json'), JSON.stringify(configuration, null, 2), { mode: 0o600 });
  return { configuration: below('kbs.json'), adminKey: admin.privateKey, signer, tls };
}
