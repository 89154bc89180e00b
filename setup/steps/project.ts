import { fileURLToPath } from 'node:url';

/** Absolute path of a file of this project; a step that depends on code names it among its inputs. */
export function projectPath(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}
