import { type BuildOptions, build, type Plugin } from 'esbuild';

/** How one of this project's programs becomes one file that Node.js runs wherever it is. */
export const PROGRAM = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // What is CommonJS among the dependencies asks for `require`, which an ES module does not have.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  logLevel: 'silent',
} as const satisfies BuildOptions;

/** One of this project's programs as one file. `entry` is absolute: steps name it by `projectPath`, so that it counts. */
export async function bundle(entry: string, outfile: string, plugins: readonly Plugin[] = []): Promise<void> {
  await build({ ...PROGRAM, entryPoints: [entry], outfile, plugins: [...plugins] });
}
