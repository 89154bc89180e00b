import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { defined } from '../helpers/defined.ts';
import { HarnessError } from '../helpers/errors.ts';
import { protoFilesIn } from './find.ts';
import { GENERATOR_FLAGS } from './options.ts';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));

/** Generates types for the .proto files in `<parent>/<set>` into `outDir`, with proto-loader's generator. */
export async function generateTypes(parent: string, set: string, outDir: string): Promise<void> {
  const directory = join(parent, set);
  const files = protoFilesIn(directory).map((file) => relative(directory, file));
  // The paths are relative to the working directory: the generator writes them into the generated files.
  const output = [`--includeDirs=${set}`, `--outDir=${outDir}`, '--grpcLib=@grpc/grpc-js'];
  const flags = [...GENERATOR_FLAGS, '--importFileExtension=.ts', ...output];
  await projectTool('proto-loader-gen-types', [...flags, ...files], { cwd: parent });
}

/**
 * Runs one of the project's development tools and returns its stdout. The error contains the first lines of the tool's
 * output.
 */
export async function projectTool(
  name: string,
  args: readonly string[],
  { cwd = PROJECT, input }: { cwd?: string; input?: string } = {},
): Promise<string> {
  const options = { cwd, preferLocal: true, localDir: PROJECT, reject: false, stripFinalNewline: false } as const;
  const { exitCode, failed, originalMessage, stderr, stdout } = await execa(name, args, {
    ...options,
    ...defined({ input }),
  });
  if (!failed) return stdout;
  const why = exitCode === undefined ? originalMessage : `exited with ${exitCode}`;
  const said = `${stderr}\n${stdout}`.trim().split('\n').slice(0, SHOWN_LINES).join('\n');
  throw new HarnessError('tool', `${name} ${why}: ${said}`);
}

const SHOWN_LINES = 5;
