/**
 * An image registry that serves plain HTTP on this machine's loopback. Disposing ends the registry; its storage stays.
 */
export interface Registry extends AsyncDisposable {
  /** Address of the registry, `127.0.0.1:PORT`. */
  readonly address: string;
  /** The registry's log, for evidence. */
  log(): Promise<string>;
}

/** Options of a registry, in a process or in a container. */
export interface RegistryOptions {
  /** Directory for configuration and log of this registry alone. */
  readonly dir: string;
  /** Directory with the registry's content; it is not removed on disposal. */
  readonly storage: string;
  /** TCP port of the registry on loopback; by default 0, which means a free port. */
  readonly port?: number;
  /** htpasswd file (bcrypt) of users who may pull and push; without it the registry needs no authentication. */
  readonly htpasswd?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Timeout for the start of a registry, in milliseconds. */
export const REGISTRY_START_TIMEOUT_MS = 60_000;
