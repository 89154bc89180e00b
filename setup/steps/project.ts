import { fileURLToPath } from 'node:url';

/**
 * Absolute path of a file of this project. What a step's artefact is made from is found by the literals given to this
 * (setup/code-inputs.ts).
 * @__NO_SIDE_EFFECTS__
 */
export function projectPath(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}
