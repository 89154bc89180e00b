import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { readArguments } from '../helpers/arguments.ts';
import { protoFilesIn } from './find.ts';
import { GENERATOR_FLAGS } from './options.ts';

/** Types of each set of protos, made by proto-loader's own generator: `protos/generated/<set>`. */
const SETS = ['skopeo', 'main', 'shim', 'cri'] as const;

const HERE = fileURLToPath(new URL('.', import.meta.url));
const GENERATED = join(HERE, 'generated');

async function generate(outDir: string): Promise<void> {
  await Promise.all(
    SETS.map(async (set) => {
      const directory = join(HERE, set);
      const files = protoFilesIn(directory).map((file) => relative(directory, file));
      // Relative to cwd: the generator writes the path it was given into what it makes.
      const output = [`--includeDirs=${set}`, `--outDir=${join(outDir, set)}`, '--grpcLib=@grpc/grpc-js'];
      const flags = [...GENERATOR_FLAGS, '--importFileExtension=.ts', ...output];
      await execa('proto-loader-gen-types', [...flags, ...files], { cwd: HERE, preferLocal: true });
    }),
  );
}

async function contents(directory: string): Promise<Map<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return new Map(files.map((file, index) => [relative(directory, file), texts[index] ?? '']));
}

async function staleFiles(fresh: string): Promise<string[]> {
  const [now, wanted] = [await contents(GENERATED), await contents(fresh)];
  return [...new Set([...now.keys(), ...wanted.keys()])].filter((file) => now.get(file) !== wanted.get(file)).sort();
}

const { values: asked } = readArguments({ options: { check: { type: 'boolean' } } });
const fresh = await mkdtemp(join(tmpdir(), 'kata-cc-protos-'));
try {
  await generate(fresh);
  if (asked.check) {
    const stale = await staleFiles(fresh);
    if (stale.length > 0) {
      console.error(`protos/generated is out of date, run: pnpm protos:generate (${stale.join(', ')})`);
      process.exitCode = 1;
    }
  } else {
    await rm(GENERATED, { recursive: true, force: true });
    await cp(fresh, GENERATED, { recursive: true });
  }
} finally {
  await rm(fresh, { recursive: true, force: true });
}
