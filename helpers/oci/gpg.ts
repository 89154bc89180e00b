import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../process/exec.ts';

/** A temporary GnuPG home directory; disposing deletes it. Private keys never leave it. */
export interface GpgHome extends AsyncDisposable {
  /** Generates a signing key without a passphrase and returns its fingerprint. */
  generateKey(options: { userId: string; when?: GpgTime; expires?: string }): Promise<string>;
  /** The armored public key, in the format that an image policy's `keyPath` requires. */
  exportPublicKey(fingerprint: string): Promise<Buffer>;
  /** An OpenPGP message with `content` and its signature: the signature format of simple signing. */
  sign(fingerprint: string, content: string, when?: GpgTime): Promise<Buffer>;
}

/** A time that gpg uses as the current time, `YYYYMMDDTHHMMSS`. */
export type GpgTime = string;

/**
 * Creates an empty GnuPG home directory below `parent`. The path must be short, because it contains gpg-agent's socket,
 * and `parent` should be deleted after a kill, because it contains private keys. Needs the program `gpg`.
 */
export async function createGpgHome(parent: string): Promise<GpgHome> {
  return new TemporaryGpgHome(await mkdtemp(join(parent, 'kata-cc-gpg-')));
}

class TemporaryGpgHome implements GpgHome {
  readonly #home: string;

  constructor(home: string) {
    this.#home = home;
  }

  async generateKey(options: { userId: string; when?: GpgTime; expires?: string }): Promise<string> {
    const { userId, when, expires = 'never' } = options;
    const generate = [
      '--passphrase',
      '',
      '--pinentry-mode',
      'loopback',
      '--quick-gen-key',
      userId,
      'ed25519',
      'sign',
      expires,
    ];
    await this.#gpg([...at(when), ...generate]);
    const { stdout } = await this.#gpg(['--with-colons', '--list-keys', userId]);
    return /^fpr:{9}([0-9A-F]+):/m.exec(stdout)?.[1] ?? '';
  }

  async exportPublicKey(fingerprint: string): Promise<Buffer> {
    const { stdout } = await this.#gpg(['--armor', '--export', fingerprint]);
    return Buffer.from(stdout);
  }

  async sign(fingerprint: string, content: string, when?: GpgTime): Promise<Buffer> {
    const output = join(this.#home, 'signed');
    try {
      await this.#gpg([...at(when), '--local-user', fingerprint, '--output', output, '--sign'], content);
      return await readFile(output);
    } finally {
      await rm(output, { force: true });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await run(['gpgconf', '--homedir', this.#home, '--kill', 'gpg-agent']);
    await rm(this.#home, { recursive: true, force: true });
  }

  #gpg(args: readonly string[], input?: string): ReturnType<typeof run> {
    return run(['gpg', '--homedir', this.#home, '--batch', '--no-tty', ...args], input === undefined ? {} : { input });
  }
}

function at(when: GpgTime | undefined): string[] {
  return when === undefined ? [] : ['--faked-system-time', `${when}!`];
}
