/** An image registry that serves plain HTTP on this machine's loopback. Disposing ends it; its storage stays. */
export interface Registry extends AsyncDisposable {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  /** What it logged, for evidence. */
  log(): Promise<string>;
}

/** How a registry is started, whoever runs it. */
export interface RegistryOptions {
  /** Directory of its own for configuration and log. */
  readonly dir: string;
  /** Directory with its contents; kept. */
  readonly storage: string;
  /** TCP port on loopback; 0, the default, takes a free one. */
  readonly port?: number;
  /** htpasswd file (bcrypt): who may pull and push. Everybody when there is none. */
  readonly htpasswd?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** How long a registry may take to answer, in milliseconds. */
export const REGISTRY_START_TIMEOUT_MS = 15_000;
