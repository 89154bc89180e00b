import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Generation } from '../contract/target.ts';
import { fileExists } from '../files.ts';

/**
 * The generation of an agent, determined from the agent's source. An agent without `grpc.Image` delegates image pulls
 * to the CDH (confidential-data-hub); an agent with `grpc.Image` pulls with the crate image-rs if it depends on that
 * crate, else with skopeo.
 */
export async function generationOfSource(checkout: string, protos: string): Promise<Generation> {
  if (!(await fileExists(join(protos, 'image.proto')))) return 'guest-pull';
  const manifest = await readFile(join(checkout, 'src/agent/Cargo.toml'), 'utf8');
  return /^image-rs\b/m.test(manifest) ? 'image-rs' : 'skopeo';
}

/** The generation of an agent, determined from strings in the agent's executable. */
export async function generationOfBinary(file: string): Promise<Generation> {
  const program = await readFile(file);
  const has = (name: string): boolean => program.includes(name);
  if (!has('grpc.Image/PullImage')) return 'guest-pull';
  return has('image-rs/src/') ? 'image-rs' : 'skopeo';
}

/** Version and commit that `kata-agent --version` prints. */
export interface AgentVersion {
  readonly version: string;
  /** Commit of the agent's build, 40 digits; absent if the build did not record a commit. */
  readonly commit?: string;
}

/** Parses `kata-agent version 2.3.0-rc0 (…, commit version: 2.3.0-rc0-<commit>, …)`; `undefined` for other text. */
export function parseAgentVersion(line: string): AgentVersion | undefined {
  const [, version] = /^kata-agent version (\S+)/.exec(line) ?? [];
  if (version === undefined) return undefined;
  const [, commit] = /commit version: \S*?-?([0-9a-f]{40})\b/.exec(line) ?? [];
  return commit === undefined ? { version } : { version, commit };
}
