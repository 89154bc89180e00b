import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SetName } from './spec.ts';

/** Directory of one of our sets of protos. */
export function ownProtos(set: SetName): string {
  return fileURLToPath(new URL(`../${set}`, import.meta.url));
}

/** A copy of our protos that a test changes as a Kata branch would. */
export interface ExampleCheckout extends AsyncDisposable {
  readonly directory: string;
  /** Changes the text of a .proto file; the text of a missing file is empty. */
  change(file: string, edit: (text: string) => string): Promise<void>;
}

/** Creates a Kata checkout for tests of the option `--from`. */
export async function exampleCheckout(set: SetName = 'skopeo'): Promise<ExampleCheckout> {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-checkout-'));
  await cp(ownProtos(set), directory, { recursive: true });
  return {
    directory,
    async change(file, edit) {
      const path = join(directory, file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, edit(await readFile(path, 'utf8').catch(() => '')));
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

/** An edit that adds a method to AgentService, with imports, and declarations at the end of the file. */
export function withRpc(rpc: string, declarations = '', imports: readonly string[] = []): (agent: string) => string {
  return (agent) =>
    agent
      .replace('  // processes\n', `  ${rpc}\n  // processes\n`)
      .replace('import "types.proto";\n', `$&${imports.map((path) => `import "${path}";\n`).join('')}`) + declarations;
}
