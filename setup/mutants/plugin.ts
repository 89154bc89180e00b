import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import { projectPath } from '../steps/project.ts';
import { type Mutant, mutate } from './mutant.ts';

/** Bundles a mutant's source in place of the file as it is. */
export function mutation(mutant: Mutant): Plugin {
  const path = projectPath(`fixtures/stand-in-agent/${mutant.file}`);
  return {
    name: `mutant ${mutant.name}`,
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, async (args) => {
        if (args.path !== path) return undefined;
        return { contents: mutate(mutant, await readFile(path, 'utf8')), loader: 'ts' };
      });
    },
  };
}
