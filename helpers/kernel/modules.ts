import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { HarnessError } from '../errors.ts';
import { run } from '../process/exec.ts';

/** Modules of a Linux kernel: loadable ones by file, built-in ones by name. */
export interface ModuleTree {
  /** Dependencies of each kernel module file, in the order of modules.dep. */
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
  readonly builtIn: ReadonlySet<string>;
}

/**
 * Reads the modules of a kernel that was unpacked below `root`; runs `depmod`, since kernel packages lack its index.
 */
export async function readModuleTree(root: string, release: string, signal?: AbortSignal): Promise<ModuleTree> {
  await run(['depmod', '--basedir', root, release], { signal });
  const directory = join(root, 'lib/modules', release);
  return {
    dependencies: parseDependencies(await readFile(join(directory, 'modules.dep'), 'utf8')),
    builtIn: new Set((await readFile(join(directory, 'modules.builtin'), 'utf8')).split('\n').map(moduleName)),
  };
}

/** Parses modules.dep, whose lines are `file: dependency dependency ...`. */
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
 * Module files to insert, in order, to load all `wanted` kernel modules: each once and after its dependencies, without
 * built-in modules. Throws if the kernel has no such module.
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
    if (file === undefined)
      throw new HarnessError('kernel', `this kernel has no module ${name}, neither loadable nor built in`);
    insert(file);
  }
  return [...order];
}

/** Name of a kernel module: `vsock` for `kernel/net/vmw_vsock/vsock.ko.xz`. `-` and `_` are equivalent. */
export function moduleName(file: string): string {
  return basename(file)
    .replace(/\.ko(\.\w+)?$/, '')
    .replaceAll('-', '_');
}
