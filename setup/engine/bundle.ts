import { type BuildOptions, build, type Plugin } from 'esbuild';

/** esbuild options that bundle a program of the project into one file, which Node.js runs without node_modules. */
export const PROGRAM = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  // Defines `require`: bundled CommonJS dependencies call it, and an ES module does not have it.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  logLevel: 'silent',
} as const satisfies BuildOptions;

/** Bundles a program of the project. `entry` is absolute: steps name it by `projectPath`, which makes it an input. */
export async function bundle(entry: string, outfile: string, plugins: readonly Plugin[] = []): Promise<void> {
  await build({ ...PROGRAM, entryPoints: [entry], outfile, plugins: [...plugins] });
}
