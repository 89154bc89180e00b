import type { KeyObject } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../errors.ts';
import { ifThere } from '../files.ts';
import { poll } from '../poll.ts';
import { type Daemon, logTail, spawnDaemon } from '../process/daemon.ts';
import type { ServerCertificate } from '../registry/certificates.ts';
import { type KbsAdmin, kbsAdmin } from './admin.ts';
import { createKbsFiles, type KbsChoices } from './files.ts';
import { listeningIn } from './log.ts';
import type { KbsAddress } from './request.ts';

/** A KBS of trustee with its own keys and storage, on loopback. Disposing ends it and removes its directory. */
export interface Kbs extends KbsAddress, AsyncDisposable {
  readonly admin: KbsAdmin;
  /** Private key of the admin's tokens. */
  readonly adminKey: KeyObject;
  /** The key with which it signs attestation tokens, and its certificate. */
  readonly signer: ServerCertificate;
  readonly logFile: string;
  /** Whether it runs. */
  readonly isUp: boolean;
  /** What it has logged so far. */
  log(): Promise<string>;
  /** Ends it; its storage stays. */
  stop(): Promise<void>;
  /** Starts it again with the same storage and keys, on another port. */
  start(): Promise<void>;
  /** Stops its process with SIGSTOP, until the returned handle is disposed. */
  freeze(): Disposable;
}

/** Options of {@link startKbs}. */
export interface KbsServerOptions extends KbsChoices {
  /** Absolute path of the program. */
  readonly program: string;
  /** New directory for this KBS alone. */
  readonly dir: string;
  readonly signal?: AbortSignal | undefined;
}

const START_TIMEOUT_MS = 20_000;

/** Starts a KBS. Rejects with a HarnessError `kbs` that quotes its log if it ends at once. */
export async function startKbs({ dir, program, signal, ...choices }: KbsServerOptions): Promise<Kbs> {
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  const { adminKey, configuration, signer, tls } = await createKbsFiles(dir, choices, signal);
  const logFile = join(dir, 'kbs.log');
  let daemon: Daemon | undefined;
  let address: string | undefined;
  const stop = async (): Promise<void> => {
    await daemon?.[Symbol.asyncDispose]();
    [daemon, address] = [undefined, undefined];
  };
  stack.defer(stop);
  const start = async (): Promise<void> => {
    const env = { NO_COLOR: '1', RUST_LOG: 'info' };
    const before = (await ifThere(readFile(logFile, 'utf8')))?.length ?? 0;
    daemon = await spawnDaemon([program, '--config-file', configuration], { logFile, env });
    address = await addressOf(daemon, before, signal);
  };
  await start();
  const current = (): KbsAddress => {
    if (address === undefined) throw new HarnessError('kbs', 'this KBS was stopped');
    return { address, authority: tls?.authority };
  };
  const owned = stack.move();
  return {
    get address() {
      return current().address;
    },
    get isUp() {
      return address !== undefined;
    },
    authority: tls?.authority,
    admin: kbsAdmin(current, adminKey),
    adminKey,
    signer,
    logFile,
    log: () => readFile(logFile, 'utf8'),
    stop,
    start,
    freeze() {
      const frozen = daemon;
      frozen?.kill('SIGSTOP');
      return { [Symbol.dispose]: () => frozen?.kill('SIGCONT') };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Waits until a KBS listens; its log up to `before` is of an earlier start. */
async function addressOf(daemon: Daemon, before: number, signal: AbortSignal | undefined): Promise<string> {
  const listens = async (): Promise<string | false | undefined> =>
    daemon.exit === undefined ? listeningIn((await readFile(daemon.logFile, 'utf8')).slice(before)) : false;
  const options = { timeoutMs: START_TIMEOUT_MS, intervalMs: 10, signal };
  const address = await poll('a KBS that listens', listens, options);
  if (address === false) throw new HarnessError('kbs', `the KBS ended at once: ${await logTail(daemon)}`);
  return address;
}
