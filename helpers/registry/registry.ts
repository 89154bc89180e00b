/** An image registry that serves plain HTTP on this machine's loopback. Disposing ends it; its storage stays. */
export interface Registry extends AsyncDisposable {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  /** The registry's log, for evidence. */
  log(): Promise<string>;
}

/** Options of a registry, in a process or in a container. */
export interface RegistryOptions {
  /** Directory of this registry alone, for configuration and log. */
  readonly dir: string;
  /** Directory with its contents; not removed on disposal. */
  readonly storage: string;
  /** TCP port on loopback; default 0, a free port. */
  readonly port?: number;
  /** htpasswd file (bcrypt) of users who may pull and push; without it the registry needs no authentication. */
  readonly htpasswd?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Timeout for the start of a registry, in milliseconds. */
export const REGISTRY_START_TIMEOUT_MS = 15_000;
