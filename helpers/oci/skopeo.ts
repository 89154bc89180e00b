import { run } from '../process/exec.ts';

/** Destination of a push. */
export interface PushOptions {
  /** Reference under which the image is pushed, `HOST:PORT/repository:tag`. */
  readonly to: string;
  readonly signal?: AbortSignal | undefined;
}

/** Arguments of skopeo that push one image of an OCI layout to a registry that serves plain HTTP. */
export function pushCommand(layout: string, name: string, to: string): string[] {
  const flags = ['--insecure-policy', 'copy', '--quiet', '--dest-tls-verify=false'];
  return ['skopeo', ...flags, `oci:${layout}:${name}`, `docker://${to}`];
}

/** Pushes one image of an OCI layout without changing its digest. Rejects with ExecError. */
export async function push(layout: string, name: string, options: PushOptions): Promise<void> {
  await run(pushCommand(layout, name, options.to), { signal: options.signal });
}

/** Why this machine's skopeo cannot load an image policy, with skopeo's version; `undefined` if it can. */
export async function whyPolicyFails(file: string, signal?: AbortSignal): Promise<string | undefined> {
  // skopeo loads the policy before it looks for the image, which does not exist.
  const copy = ['skopeo', '--policy', file, 'copy', 'dir:/nonexistent/from', 'dir:/nonexistent/to'];
  const { stderr } = await run(copy, { okCodes: [1], signal });
  const [, why] = /loading trust policy: (?:invalid policy in \\".*?\\": )?(.*?)"?\n/i.exec(stderr) ?? [];
  if (why === undefined) return undefined;
  const { stdout } = await run(['skopeo', '--version'], { signal });
  return `${stdout.trim()}, which pulls images in guests, cannot load it (${why.replaceAll('\\"', '"')}); use a policy that this version supports`;
}
