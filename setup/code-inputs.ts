import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin, transform } from 'esbuild';
import { digestOf, digestText } from './digest.ts';
import { PROGRAM } from './steps/bundle.ts';
import { projectPath } from './steps/project.ts';

/*
 * What of this project an artefact is made by, found in the import graph of its step's module. esbuild bundles that, and the
 * bundle counts: a comment, a type or an export that nothing uses does not. The graph ends
 *
 * - at modules of other steps: an artefact that is needed counts by its own fingerprint, a service is no part of one;
 * - at dynamic imports that the step says it does not make with this configuration (`ArtefactInputs.without`);
 * - at packages, which count by their version.
 *
 * Files count that the bundle names by `projectPath('literal')`: a program (.ts) as what is bundled of it, packages
 * included; all others by content. No path of this machine is part of a digest: clones share a cache.
 */

/** Digests by name: `code`, and the path of each file within the project. */
type CodeInputs = Readonly<Record<string, string>>;

interface CodeOptions {
  /** As `ArtefactInputs.without`. */
  readonly without?: readonly string[];
  /** Where the project is. */
  readonly project?: string;
}

/** What the code of a step is, given its module's `import.meta.url`. */
export async function codeInputs(module: string, options: CodeOptions = {}): Promise<CodeInputs> {
  const { project = projectPath('.'), without = [] } = options;
  const entry = fileURLToPath(module);
  const { metafile, outputFiles } = await build({
    ...SETTINGS,
    absWorkingDir: project,
    entryPoints: [entry],
    plugins: [stepGraph(entry, project, without)],
  });
  const text = outputFiles.map((file) => file.text).join('\n');
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  const code = digestText([text, ...(await versionsOf(imported, project))].join('\n'));
  const named = filesNamedIn(text, relative(project, entry));
  const files = named.map(async (path) => [path, await fileDigest(project, path)] as const);
  return { code, ...Object.fromEntries(await Promise.all(files)) };
}

/**
 * Starts esbuild's process, which serves all that this process bundles. It must not be part of a run: ended with one, it
 * would serve neither the next run nor the report.
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

/** What makes a module one of a step's; `StepBase.module` asks for it. */
const STEP = /\bmodule: import\.meta\.url\b/;

function stepGraph(entry: string, project: string, without: readonly string[]): Plugin {
  return {
    name: 'step graph',
    setup({ onResolve }) {
      onResolve({ filter: /^\.{1,2}\// }, async ({ kind, path, resolveDir }) => {
        const target = resolve(resolveDir, path);
        const name = relative(project, target);
        const left = kind === 'dynamic-import' && without.includes(name);
        const ends = left || name === PROJECT || (target !== entry && STEP.test(await readFile(target, 'utf8')));
        return { path: ends ? name : target, external: ends, sideEffects: false };
      });
      onResolve({ filter: /^[^./]/ }, ({ path }) => ({ path, external: true, sideEffects: false }));
    },
  };
}

/** Names with versions of the packages among external imports. */
async function versionsOf(imports: readonly string[], project: string): Promise<readonly string[]> {
  const manifest: unknown = JSON.parse(await readFile(join(project, 'package.json'), 'utf8'));
  const { dependencies = {}, devDependencies = {} } = manifest as Readonly<Record<string, Record<string, string>>>;
  const names = imports.map((path) => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path);
  const versions = { ...devDependencies, ...dependencies };
  return [...new Set(names)].sort().flatMap((name) => (name in versions ? [`${name}@${versions[name]}`] : []));
}

/** A call in a bundle, and its argument where that is a literal. */
const NAMED = /\bprojectPath\d*\((?:(["'`])([^"'`$]*)\1\))?/g;
/** Other ways to a file beside the code; a step's own `module` and a bundle's `require` are none. */
const UNSEEN = /(?<!\bmodule:|\bcreateRequire\()import\.meta\b/;
const PROJECT = 'setup/steps/project.ts';

/** Paths within the project that the bundle of a step names. Throws if it names one in a way that cannot be seen here. */
function filesNamedIn(bundle: string, step: string): readonly string[] {
  const calls = [...bundle.matchAll(NAMED)];
  const unseen = UNSEEN.exec(bundle) ?? calls.find(([, , path]) => path === undefined);
  if (unseen) {
    const excerpt = bundle.slice(unseen.index, unseen.index + 60);
    const wanted = "name each by projectPath('path/from/the/project'), with a literal";
    throw new Error(`${step} or what it imports names a file that is not seen to be an input: ${excerpt}; ${wanted}`);
  }
  return [...new Set(calls.flatMap(([, , path]) => (path === undefined ? [] : [path])))].sort();
}

function fileDigest(project: string, path: string): Promise<string> {
  return path.endsWith('.ts') ? programDigest(path, project) : digestOf(join(project, path));
}

/** Digest of a program, by all that is bundled into it; `path` is relative to the project. */
async function programDigest(path: string, project: string): Promise<string> {
  const { outputFiles } = await build({
    ...SETTINGS,
    absWorkingDir: project,
    entryPoints: [join(project, path)],
  });
  // The names that esbuild gives CommonJS modules begin with where node_modules is.
  const bundled = outputFiles.map(({ text }) => text.replaceAll(/"[^"\n]*?node_modules\//g, '"node_modules/'));
  return digestText(bundled.join('\n'));
}
