import { cp, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileExists } from '../files.ts';
import { run } from '../process/exec.ts';
import { inTemporaryDirectory } from '../temporary-directory.ts';

/** File names of genpolicy's settings and of its rules, and the directory of the settings' drop-ins. */
export const SETTINGS = 'genpolicy-settings.json';
export const RULES = 'rules.rego';
const DROP_INS = 'genpolicy-settings.d';

/** genpolicy, which generates the agent's policy for the resources of a Kubernetes manifest. */
export interface Genpolicy {
  /** Absolute path of the program. */
  readonly program: string;
  /** Directory with genpolicy-settings.json, rules.rego and, if there are any, drop-ins in genpolicy-settings.d. */
  readonly defaults: string;
}

/** One operation of a JSON Patch (RFC 6902), the format of genpolicy's drop-ins. */
export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value?: unknown;
}

/** Options of {@link generatePolicy}. */
export interface GeneratePolicyOptions {
  /** Address `HOST:PORT` of the registry that serves the images of docker.io. */
  readonly registry: string;
  /** Changes of the settings, in a drop-in after all others. */
  readonly settings?: readonly PatchOperation[];
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Name by which clients of docker.io address its registry. Source: the crate oci-client. */
const DOCKER_HUB = 'index.docker.io';

/**
 * Runs genpolicy on Kubernetes resources and returns the policy, in Rego, of the only one that has containers.
 *
 * genpolicy requests the images of docker.io by plain HTTP from `registry` as its proxy, which answers such requests
 * itself: so the manifest, and with it the policy, has the names that a guest resolves.
 */
export async function generatePolicy(
  { defaults, program }: Genpolicy,
  resources: readonly object[],
  { registry, settings = [], signal, timeoutMs }: GeneratePolicyOptions,
): Promise<string> {
  return inTemporaryDirectory(join(tmpdir(), 'kata-cc-genpolicy-'), async (directory) => {
    for (const name of [SETTINGS, RULES, DROP_INS]) {
      if (await fileExists(join(defaults, name)))
        await cp(join(defaults, name), join(directory, name), { recursive: true });
    }
    await mkdir(join(directory, DROP_INS), { recursive: true });
    await writeFile(join(directory, DROP_INS, '99-kata-cc-suite.json'), JSON.stringify(settings));
    const command = [program, '--raw-out', '--json-settings-path', directory, '--rego-rules-path', RULES];
    const { stdout } = await run([...command, '--insecure-registry', DOCKER_HUB], {
      cwd: directory,
      // HOME has no credentials of Docker's. RUST_BACKTRACE: a panic is genpolicy's way to reject an input.
      env: { HOME: directory, HTTP_PROXY: `http://${registry}`, RUST_BACKTRACE: '0' },
      // JSON is YAML.
      input: resources.map((resource) => JSON.stringify(resource)).join('\n---\n'),
      signal,
      timeoutMs,
    });
    return stdout;
  });
}

/** The version and commit that `genpolicy --version` prints; `undefined` for the output of another program. */
export function parseGenpolicyVersion(output: string): string | undefined {
  return /^Kata Containers policy tool .*\bversion: (\S+, commit: \S*)/.exec(output)?.[1];
}
