import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { ConfigError, messageOf } from '../../helpers/errors.ts';
import { fileExists, readIfThere } from '../../helpers/files.ts';
import { inTemporaryDirectory } from '../../helpers/temporary-directory.ts';
import { generateTypes, projectTool } from '../generate-types.ts';
import type { Addition } from './add-endpoint.ts';
import { kebabCase } from './kebab-case.ts';
import { endpointSpec, type SetName } from './spec.ts';

/**
 * All files to write for a new endpoint, relative to the project; `spec` is the path of the spec among them, if there
 * is one.
 */
export interface EndpointFiles {
  readonly texts: ReadonlyMap<string, string>;
  readonly spec: string | undefined;
}

/**
 * The files that add an endpoint: .proto files, generated types, and for a new method its spec. Generates and compiles
 * the types in a temporary directory. Writes nothing to the project. Throws {@link ConfigError}.
 */
export async function planFiles(
  project: string,
  set: SetName,
  addition: Addition,
  wantedSpec?: string,
): Promise<EndpointFiles> {
  const spec = addition.isNew ? await freeSpec(project, addition.method, wantedSpec) : undefined;
  const protos = [...addition.files].map(([file, text]) => [`protos/${set}/${file}`, text] as const);
  const types = await generatedTypes(project, set, addition);
  const specText =
    spec === undefined ? [] : [[spec, await formatted(project, spec, endpointSpec(addition, set))] as const];
  return { texts: new Map([...protos, ...types, ...specText]), spec };
}

async function freeSpec(project: string, method: string, wanted: string | undefined): Promise<string> {
  const spec = wanted ?? `suites/agent/${kebabCase(method.slice(method.indexOf('/') + 1))}.spec.ts`;
  if (!/^suites\/[\w-]+\/[\w.-]+\.spec\.ts$/.test(spec))
    throw new ConfigError(`--spec ${spec}: expected suites/DIRECTORY/NAME.spec.ts`);
  if (await fileExists(join(project, spec)))
    throw new ConfigError(`${spec} exists; name another file: --spec suites/agent/NAME.spec.ts`);
  return spec;
}

/** Generated types that differ from the project's, by path in the project. */
async function generatedTypes(project: string, set: SetName, { files, method }: Addition): Promise<[string, string][]> {
  // The temporary directory is below node_modules, where the compiler finds packages' types, and which other tools
  // ignore.
  return inTemporaryDirectory(join(project, 'node_modules/.endpoint-'), async (stage) => {
    await cp(join(project, 'protos', set), join(stage, set), { recursive: true });
    for (const [file, text] of files) await writeFile(join(stage, set, file), text);
    const generated = join(stage, 'generated');
    await generateTypes(stage, set, generated);
    await compile(project, stage, method);
    const names = await filesBelow(generated);
    const changed: [string, string][] = [];
    for (const name of names) {
      const path = `protos/generated/${set}/${name}`;
      const text = await readFile(join(generated, name), 'utf8');
      if (text !== (await readIfThere(join(project, path)))) changed.push([path, text]);
    }
    return changed;
  });
}

/** Compiles the generated types, which fails if a message has a name that they use otherwise, such as `Long`. */
async function compile(project: string, stage: string, method: string): Promise<void> {
  const config = {
    extends: join(project, 'tsconfig.json'),
    // The declarations of packages are not checked.
    compilerOptions: { skipLibCheck: true },
    include: ['generated'],
    exclude: [],
  };
  await writeFile(join(stage, 'package.json'), '{ "type": "module" }');
  await writeFile(join(stage, 'tsconfig.json'), JSON.stringify(config));
  try {
    await projectTool('tsc', ['--project', stage, '--pretty', 'false'], { cwd: stage });
  } catch (cause) {
    throw new ConfigError(`the types generated for ${method} do not compile: ${messageOf(cause)}`, { cause });
  }
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort();
}

function formatted(project: string, path: string, text: string): Promise<string> {
  return projectTool('biome', ['format', `--stdin-file-path=${path}`], { cwd: project, input: text });
}
