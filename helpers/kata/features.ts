import { readFile } from 'node:fs/promises';

/** Text that an agent contains only if it was built with the feature init-data. Source: src/agent/src/initdata.rs. */
const INITDATA_TEXT = 'Initdata find potential device';

/**
 * Features with which an agent was built. `kata-agent --version` lists some of them as `extra-features`, from 3.3.0 on. It never
 * lists init-data, which is recognised by a text in the program.
 */
export async function agentFeatures(versionLine: string, program: string): Promise<readonly string[]> {
  const initdata = (await readFile(program)).includes(INITDATA_TEXT) ? ['init-data'] : [];
  return [...listedFeatures(versionLine), ...initdata].sort();
}

/** The features in `extra-features: ["agent-policy", "seccomp"]`; none if the line has no such list. */
export function listedFeatures(versionLine: string): readonly string[] {
  const [, list = ''] = /extra-features: \[([^\]]*)\]/.exec(versionLine) ?? [];
  return [...list.matchAll(/"([^"]+)"/g)].flatMap(([, name]) => name ?? []);
}
