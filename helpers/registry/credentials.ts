import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { run } from '../process/exec.ts';

/** A user name and a password. They must not be printed, and are passed in a file or in a request. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Creates random credentials, for one run. */
export function randomCredentials(): Credentials {
  return { user: 'kata', password: randomBytes(18).toString('base64url') };
}

/** Credentials in the format of the agent's `source_creds` and the seed's `SOURCE_CREDS`: `user:password`. */
export function sourceCreds({ user, password }: Credentials): string {
  return `${user}:${password}`;
}

/**
 * Writes the registry's htpasswd file (bcrypt). The program `htpasswd` gets the password on its standard input, not as
 * an argument.
 */
export async function writeHtpasswd(file: string, { user, password }: Credentials): Promise<void> {
  const { stdout } = await run(['htpasswd', '-inB', user], { input: password });
  await writeFile(file, stdout, { mode: 0o600 });
}
