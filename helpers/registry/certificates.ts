import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { run } from '../process/exec.ts';

/** A certification authority, and a certificate of it for a server. The private keys are files with mode 0600. */
export interface ServerCertificate {
  /** Certificate of the authority in PEM, which clients must trust. */
  readonly authority: string;
  /** Path of the server's certificate in PEM. */
  readonly certificate: string;
  /** Path of the server's private key. */
  readonly key: string;
}

/** Certificates serve one run. */
const DAYS = '7';
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', DAYS];

/**
 * Creates a certification authority in a directory, and a certificate of it for the IP addresses and host names of a server. Node.js can make
 * keys, but no certificates; OpenSSL 3 can, and is on every distribution that this project supports.
 */
export async function createServerCertificate(
  dir: string,
  hosts: readonly string[],
  signal?: AbortSignal,
): Promise<ServerCertificate> {
  const path = (name: string): string => join(dir, name);
  const files = { authority: path('authority.pem'), certificate: path('server.pem'), key: path('server.key') };
  const own = ['-keyout', path('authority.key'), '-out', files.authority, '-subj', '/CN=kata-cc-suite test authority'];
  await certify([...own, ...extensions('basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign')], signal);
  const names = hosts.map((host) => `${isIP(host) === 0 ? 'DNS' : 'IP'}:${host}`).join(',');
  const issuer = ['-CA', files.authority, '-CAkey', path('authority.key')];
  const server = ['-keyout', files.key, '-out', files.certificate, '-subj', '/CN=registry', ...issuer];
  const uses = [`subjectAltName=${names}`, 'basicConstraints=critical,CA:FALSE', 'extendedKeyUsage=serverAuth'];
  await certify([...server, ...extensions(...uses)], signal);
  return { ...files, authority: await readFile(files.authority, 'utf8') };
}

function extensions(...values: readonly string[]): string[] {
  return values.flatMap((value) => ['-addext', value]);
}

/** Creates a key and a certificate. OpenSSL creates files of keys with mode 0600. */
async function certify(args: readonly string[], signal: AbortSignal | undefined): Promise<void> {
  await run(['openssl', 'req', '-x509', ...NEW_KEY, ...args], { signal });
}
