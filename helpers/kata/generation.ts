import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileExists } from '../files.ts';
import type { Generation } from '../target.ts';

/**
 * The generation of an agent, by its source: one without `grpc.Image` leaves pulling to the confidential data hub; one
 * with it pulls by the crate image-rs when it depends on that, by skopeo otherwise.
 */
export async function generationOfSource(checkout: string, protos: string): Promise<Generation> {
  if (!(await fileExists(join(protos, 'image.proto')))) return 'guest-pull';
  const manifest = await readFile(join(checkout, 'src/agent/Cargo.toml'), 'utf8');
  return /^image-rs\b/m.test(manifest) ? 'image-rs' : 'skopeo';
}

/** The generation of an agent that is there as a program only: by the names that it must carry to do its work. */
export async function generationOfBinary(file: string): Promise<Generation> {
  const program = await readFile(file);
  const has = (name: string): boolean => program.includes(name);
  if (!has('grpc.Image/PullImage')) return 'guest-pull';
  return has('image-rs/src/') ? 'image-rs' : 'skopeo';
}

/** What `kata-agent --version` tells. */
export interface AgentVersion {
  readonly version: string;
  /** 40 digits; absent where the build knew none. */
  readonly commit?: string;
}

/** Reads `kata-agent version 2.3.0-rc0 (…, commit version: 2.3.0-rc0-<commit>, …)`; `undefined` when it is none. */
export function parseAgentVersion(line: string): AgentVersion | undefined {
  const [, version] = /^kata-agent version (\S+)/.exec(line) ?? [];
  if (version === undefined) return undefined;
  const [, commit] = /commit version: \S*?-?([0-9a-f]{40})\b/.exec(line) ?? [];
  return commit === undefined ? { version } : { version, commit };
}
