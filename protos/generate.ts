import { cp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inTemporaryDirectory } from '../helpers/temporary-directory.ts';
import { generateTypes } from './generate-types.ts';

/** The sets of protos with generated types, in `protos/generated/<set>`. */
const SETS = ['skopeo', 'main', 'shim', 'cri', 'cdh'] as const;

const HERE = fileURLToPath(new URL('.', import.meta.url));
const GENERATED = join(HERE, 'generated');

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

/** Generates the types of the protos; with `check`, sets the exit code to 1 if the present ones are out of date. */
export async function generateProtos({ check }: { readonly check?: true }): Promise<void> {
  await inTemporaryDirectory(join(tmpdir(), 'kata-cc-protos-'), async (fresh) => {
    // allSettled waits for all generators, so that none still writes when the directory is removed.
    const results = await Promise.allSettled(SETS.map((set) => generateTypes(HERE, set, join(fresh, set))));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
    if (check) {
      const stale = await staleFiles(fresh);
      if (stale.length > 0) {
        console.error(`protos/generated is out of date, run: pnpm kata protos generate (${stale.join(', ')})`);
        process.exitCode = 1;
      }
    } else {
      await rm(GENERATED, { recursive: true, force: true });
      await cp(fresh, GENERATED, { recursive: true });
    }
  });
}
