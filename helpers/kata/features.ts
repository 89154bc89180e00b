import { readFile } from 'node:fs/promises';

/**
 * Texts that an agent contains only if it was built with a feature. Sources: src/agent/src/initdata.rs,
 * src/agent/rustjail/src/seccomp.rs.
 */
const TEXTS = { 'init-data': 'Initdata find potential device', seccomp: 'syscall name is required' };

/**
 * Features with which an agent was built. `kata-agent --version` lists some of them as `extra-features`, from 3.3.0 on, and never
 * init-data: these are recognised by a text in the program.
 */
export async function agentFeatures(versionLine: string, program: string): Promise<readonly string[]> {
  const content = await readFile(program);
  const recognised = Object.entries(TEXTS).flatMap(([feature, text]) => (content.includes(text) ? [feature] : []));
  return [...new Set([...listedFeatures(versionLine), ...recognised])].sort();
}

/** The features in `extra-features: ["agent-policy", "seccomp"]`; none if the line has no such list. */
export function listedFeatures(versionLine: string): readonly string[] {
  const [, list = ''] = /extra-features: \[([^\]]*)\]/.exec(versionLine) ?? [];
  return [...list.matchAll(/"([^"]+)"/g)].flatMap(([, name]) => name ?? []);
}
