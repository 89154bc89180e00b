import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { ConfigError } from '../../helpers/errors.ts';
import { projectPath } from '../project.ts';
import { MUTANTS } from './catalogue.ts';
import { type Mutant, mutate } from './mutant.ts';

/** An esbuild plugin that replaces the mutated file by the mutant's source. */
export function mutation(name: string): Plugin {
  const mutant = find(name);
  const path = join(projectPath('fixtures/stand-in-agent'), mutant.file);
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

function find(name: string): Mutant {
  const mutant = MUTANTS.find((candidate) => candidate.name === name);
  if (mutant === undefined)
    throw new ConfigError(`KATA_MUTANT=${name}: unknown mutant; setup/mutants/catalogue.ts lists them`);
  return mutant;
}
