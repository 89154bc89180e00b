import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin, transform } from 'esbuild';
import { PROGRAM } from './bundle.ts';
import { digestOf, digestText } from './digest.ts';

/*
 * The code of this project that builds an artefact, found in the import graph of its step's module. esbuild bundles the
 * graph, and the bundle is the input: comments, types and unused exports do not count. The graph ends
 *
 * - at modules of other steps: needed artefacts have their own fingerprints, services do not affect artefacts;
 * - at dynamic imports that the step does not load with this configuration (`ArtefactInputs.without`);
 * - at packages, which count with their version.
 *
 * Files that the bundle names by `projectPath('literal')` also count: a program (.ts) as its bundle, packages included;
 * other files by content. Digests contain no path of this machine, so that clones of the repository can share a cache.
 */

/** Digests of a step's code by name: `code`, and the path of each file within the project. */
type CodeInputs = Readonly<Record<string, string>>;

/** The project to which the steps belong. */
export interface Project {
  readonly directory: string;
  /** Path, within the project, of the module that exports `projectPath`; the module itself is no input. */
  readonly pathModule: string;
}

/** Digests of a step's code, given its module's `import.meta.url`. For `without`, see `ArtefactInputs`. */
export async function codeInputs(
  module: string,
  { directory: project, pathModule }: Project,
  { without = [] }: { readonly without?: readonly string[] } = {},
): Promise<CodeInputs> {
  const entry = fileURLToPath(module);
  const { metafile, outputFiles } = await build({
    ...SETTINGS,
    absWorkingDir: project,
    entryPoints: [entry],
    plugins: [stepGraph(entry, project, [pathModule], without)],
  });
  const text = outputFiles.map((file) => file.text).join('\n');
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  const code = digestText([text, ...(await versionsOf(imported, project))].join('\n'));
  const named = filesNamedIn(text, relative(project, entry));
  const files = named.map(async (path) => [path, await fileDigest(project, path)] as const);
  return { code, ...Object.fromEntries(await Promise.all(files)) };
}

/**
 * Starts esbuild's process, which this process uses for all bundles. The process must not belong to a run: if it were
 * killed with the run, it would be missing for the next run and for the report.
 */
export async function startBundler(): Promise<void> {
  await transform('');
}

const SETTINGS = {
  ...PROGRAM,
  write: false,
  metafile: true,
  minifyWhitespace: true,
  legalComments: 'none',
  tsconfigRaw: '{}',
} as const;

/** Pattern of `module: import.meta.url`, which marks the module of a step; `StepBase.module` requires it. */
const STEP = /\bmodule: import\.meta\.url\b/;

/**
 * An esbuild plugin that ends the import graph at `ends` and at modules of other steps, and at dynamic imports listed
 * in `without`.
 */
function stepGraph(entry: string, project: string, ends: readonly string[], without: readonly string[]): Plugin {
  return {
    name: 'step graph',
    setup({ onResolve }) {
      onResolve({ filter: /^\.{1,2}\// }, async ({ kind, path, resolveDir }) => {
        const target = resolve(resolveDir, path);
        const name = relative(project, target);
        const left = kind === 'dynamic-import' && without.includes(name);
        const external = left || ends.includes(name) || (target !== entry && STEP.test(await readFile(target, 'utf8')));
        return { path: external ? name : target, external, sideEffects: false };
      });
      onResolve({ filter: /^[^./]/ }, ({ path }) => ({ path, external: true, sideEffects: false }));
    },
  };
}

/** Names and versions of the packages among the external imports of a bundle. */
async function versionsOf(imports: readonly string[], project: string): Promise<readonly string[]> {
  const manifest: unknown = JSON.parse(await readFile(join(project, 'package.json'), 'utf8'));
  const { dependencies = {}, devDependencies = {} } = manifest as Readonly<Record<string, Record<string, string>>>;
  const names = imports.map((path) => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path);
  const versions = { ...devDependencies, ...dependencies };
  return [...new Set(names)].sort().flatMap((name) => (name in versions ? [`${name}@${versions[name]}`] : []));
}

/** Pattern of a `projectPath` call in a bundle, with its argument if that is a literal. */
const NAMED = /\bprojectPath\d*\((?:(["'`])([^"'`$]*)\1\))?/g;
/**
 * Pattern of other ways in which code can name a file beside it; a step's own `module` and a bundle's `require` do not
 * count.
 */
const UNSEEN = /(?<!\bmodule:|\bcreateRequire\()import\.meta\b/;

/** Paths within the project that the bundle of a step names. Throws for a path that is not named by a literal. */
function filesNamedIn(bundle: string, step: string): readonly string[] {
  const calls = [...bundle.matchAll(NAMED)];
  const unseen = UNSEEN.exec(bundle) ?? calls.find(([, , path]) => path === undefined);
  if (unseen) {
    const excerpt = bundle.slice(unseen.index, unseen.index + 60);
    const wanted = "name each by projectPath('path/from/the/project'), with a literal";
    throw new Error(
      `${step} or what it imports names a file in a way that does not make it an input: ${excerpt}; ${wanted}`,
    );
  }
  return [...new Set(calls.flatMap(([, , path]) => (path === undefined ? [] : [path])))].sort();
}

function fileDigest(project: string, path: string): Promise<string> {
  return path.endsWith('.ts') ? programDigest(path, project) : digestOf(join(project, path));
}

/** Digest of the bundle of a program; `path` is relative to the project. */
async function programDigest(path: string, project: string): Promise<string> {
  const { outputFiles } = await build({
    ...SETTINGS,
    absWorkingDir: project,
    entryPoints: [join(project, path)],
  });
  // Removes the path of node_modules, with which esbuild's names of CommonJS modules begin.
  const bundled = outputFiles.map(({ text }) => text.replaceAll(/"[^"\n]*?node_modules\//g, '"node_modules/'));
  return digestText(bundled.join('\n'));
}
