import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SetName } from './spec.ts';

/** Our protos of a set. */
export function ownProtos(set: SetName): string {
  return fileURLToPath(new URL(`../${set}`, import.meta.url));
}

/** A copy of our protos, changed as a branch of Kata's would change its own. */
export interface ExampleCheckout extends AsyncDisposable {
  readonly directory: string;
  /** Changes a file's text; a file that is not there is empty before. */
  change(file: string, edit: (text: string) => string): Promise<void>;
}

/** For tests: what `--from` names. */
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

/** An edit that gives AgentService one more method, with declarations behind all else, and imports. */
export function withRpc(rpc: string, declarations = '', imports: readonly string[] = []): (agent: string) => string {
  return (agent) =>
    agent
      .replace('  // processes\n', `  ${rpc}\n  // processes\n`)
      .replace('import "types.proto";\n', `$&${imports.map((path) => `import "${path}";\n`).join('')}`) + declarations;
}
