import { build, type Plugin } from 'esbuild';
import { projectPath } from './project.ts';

/** One of this project's programs as one file that Node.js runs wherever it is. `entry` is relative to the project. */
export async function bundle(entry: string, outfile: string, plugins: readonly Plugin[] = []): Promise<void> {
  await build({
    entryPoints: [projectPath(entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // What is CommonJS among the dependencies asks for `require`, which an ES module does not have.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    plugins: [...plugins],
    logLevel: 'silent',
  });
}
