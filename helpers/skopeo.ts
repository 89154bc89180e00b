import { run } from './exec.ts';

/** Where an image is pushed, and with what. */
export interface PushOptions {
  /** `HOST:PORT/repository:tag` */
  readonly to: string;
  /** File in the format of `docker/config.json`; credentials never go into arguments. */
  readonly authFile?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Arguments that push one image of an OCI layout to a registry that speaks plain HTTP. */
export function pushCommand(layout: string, name: string, options: Pick<PushOptions, 'to' | 'authFile'>): string[] {
  const auth = options.authFile === undefined ? [] : ['--dest-authfile', options.authFile];
  const flags = ['--insecure-policy', 'copy', '--quiet', '--dest-tls-verify=false', ...auth];
  return ['skopeo', ...flags, `oci:${layout}:${name}`, `docker://${options.to}`];
}

/** Pushes one image of an OCI layout; its digest stays what it is. Rejects with ExecError. */
export async function push(layout: string, name: string, options: PushOptions): Promise<void> {
  await run(pushCommand(layout, name, options), { signal: options.signal });
}
