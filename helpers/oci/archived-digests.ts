import { run } from '../process/exec.ts';

/** Digests of the images in an OCI archive. */
export async function digestsIn(archive: string): Promise<readonly string[]> {
  const { stdout } = await run(['tar', '--extract', '--to-stdout', '--file', archive, './index.json']);
  const { manifests } = JSON.parse(stdout) as { readonly manifests: readonly { readonly digest: string }[] };
  return manifests.map(({ digest }) => digest);
}
