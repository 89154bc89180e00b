import { fileURLToPath } from 'node:url';

/**
 * Absolute path of a file of this project. setup/engine/code-inputs.ts finds the files from which an artefact is built
 * by the literals passed to this function.
 * @__NO_SIDE_EFFECTS__
 */
export function projectPath(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

/** This project as setup/engine/code-inputs.ts needs it. */
export const PROJECT = { directory: projectPath('.'), pathModule: 'setup/project.ts' } as const;
