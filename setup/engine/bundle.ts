import { type BuildOptions, build, type Plugin } from 'esbuild';

/** esbuild options that make one file of a program of the project; Node.js runs it without node_modules. */
export const PROGRAM = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  // CommonJS dependencies call `require`, which an ES module does not have.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  logLevel: 'silent',
} as const satisfies BuildOptions;

/** Bundles a program of the project. `entry` is absolute: steps name it by `projectPath`, which makes it an input. */
export async function bundle(entry: string, outfile: string, plugins: readonly Plugin[] = []): Promise<void> {
  await build({ ...PROGRAM, entryPoints: [entry], outfile, plugins: [...plugins] });
}
