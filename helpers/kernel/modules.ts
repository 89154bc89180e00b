import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { HarnessError } from '../errors.ts';
import { run } from '../exec.ts';

/** What a kernel's tree says of its modules: files in the tree, by name; and the names that are built in. */
export interface ModuleTree {
  /** Dependencies of a module's file, in the order modules.dep has them. */
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
  readonly builtIn: ReadonlySet<string>;
}

/** Reads the tree of a kernel that was unpacked below `root`; `depmod` makes the index a package does not carry. */
export async function readModuleTree(root: string, release: string, signal?: AbortSignal): Promise<ModuleTree> {
  await run(['depmod', '--basedir', root, release], { signal });
  const directory = join(root, 'lib/modules', release);
  return {
    dependencies: parseDependencies(await readFile(join(directory, 'modules.dep'), 'utf8')),
    builtIn: new Set((await readFile(join(directory, 'modules.builtin'), 'utf8')).split('\n').map(moduleName)),
  };
}

/** modules.dep: `file: dependency dependency ...` a line. */
export function parseDependencies(text: string): ReadonlyMap<string, readonly string[]> {
  const lines = text.split('\n').filter(Boolean);
  return new Map(
    lines.map((line) => {
      const [file = '', rest = ''] = line.split(':', 2);
      return [file, rest.split(' ').filter(Boolean)];
    }),
  );
}

/**
 * Files to insert, in order, so that all `wanted` modules are there: each after what it needs, none twice, none that is
 * built in. Throws when the kernel has no such module.
 */
export function insertionOrder({ builtIn, dependencies }: ModuleTree, wanted: readonly string[]): readonly string[] {
  const files = new Map([...dependencies.keys()].map((file) => [moduleName(file), file]));
  const order = new Set<string>();
  const insert = (file: string): void => {
    if (order.has(file)) return;
    for (const dependency of dependencies.get(file) ?? []) insert(dependency);
    order.add(file);
  };
  for (const name of wanted) {
    if (builtIn.has(name)) continue;
    const file = files.get(name);
    if (file === undefined) throw new HarnessError('kernel', `this kernel has no module ${name}, nor is it built in`);
    insert(file);
  }
  return [...order];
}

/** `kernel/net/vmw_vsock/vsock.ko.xz` is vsock; `-` and `_` are one. */
export function moduleName(file: string): string {
  return basename(file)
    .replace(/\.ko(\.\w+)?$/, '')
    .replaceAll('-', '_');
}
