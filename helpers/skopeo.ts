import { run } from './exec.ts';

/** Where an image is pushed. */
export interface PushOptions {
  /** `HOST:PORT/repository:tag` */
  readonly to: string;
  readonly signal?: AbortSignal | undefined;
}

/** Arguments that push one image of an OCI layout to a registry that speaks plain HTTP. */
export function pushCommand(layout: string, name: string, to: string): string[] {
  const flags = ['--insecure-policy', 'copy', '--quiet', '--dest-tls-verify=false'];
  return ['skopeo', ...flags, `oci:${layout}:${name}`, `docker://${to}`];
}

/** Pushes one image of an OCI layout; its digest stays what it is. Rejects with ExecError. */
export async function push(layout: string, name: string, options: PushOptions): Promise<void> {
  await run(pushCommand(layout, name, options.to), { signal: options.signal });
}
