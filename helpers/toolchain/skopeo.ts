import { run } from '../process/exec.ts';

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

/** Why this machine's skopeo cannot load a policy, with its version; `undefined` when it can. */
export async function whyPolicyFails(file: string, signal?: AbortSignal): Promise<string | undefined> {
  // It loads the policy before it looks for the image, which is not there.
  const copy = ['skopeo', '--policy', file, 'copy', 'dir:/nonexistent/from', 'dir:/nonexistent/to'];
  const { stderr } = await run(copy, { okCodes: [1], signal });
  const [, why] = /loading trust policy: (?:invalid policy in \\".*?\\": )?(.*?)"?\n/i.exec(stderr) ?? [];
  if (why === undefined) return undefined;
  const { stdout } = await run(['skopeo', '--version'], { signal });
  return `${stdout.trim()}, which pulls images in guests, cannot load it (${why.replaceAll('\\"', '"')}); use what this version knows`;
}
