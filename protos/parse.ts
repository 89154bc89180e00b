import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import protobuf from 'protobufjs';
import { ConfigError, messageOf } from '../helpers/errors.ts';
import { scanProto } from './endpoint/scan.ts';
import { protoFilesIn } from './find.ts';

/** Returns the text of a file; `undefined` if the file does not exist. */
export type ReadText = (path: string) => string | undefined;

/** .proto files parsed by protobufjs, with the syntax (`proto3`) of each file by its path. */
export interface ParsedProtos {
  readonly root: protobuf.Root;
  readonly syntax: ReadonlyMap<string, string>;
}

/**
 * Directory of those of Google's proto files that protobufjs includes only as files: descriptor.proto, for custom
 * options.
 */
const BESIDE_PROTOBUFJS = dirname(createRequire(import.meta.url).resolve('protobufjs/package.json'));

/** Returns the text of a file on disk; `undefined` if the file does not exist. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ConfigError(`cannot read ${path}: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * Parses the .proto files directly in `directory` (or only `files`) and everything that they import. Throws a {@link
 * ConfigError} that names the file.
 */
export function parseProtos(
  directory: string,
  { read = readText, files = protoFilesIn(directory) }: { read?: ReadText; files?: readonly string[] } = {},
): ParsedProtos {
  const root = new protobuf.Root();
  const syntax = new Map<string, string>();
  const bundled = new Set<string>();
  const load = (path: string): void => {
    if (syntax.has(path)) return;
    // A byte order mark is removed: protoc accepts one, protobufjs does not.
    const text = (read(path) ?? '').replace(/^\uFEFF/, '');
    syntax.set(path, scanProto(text).syntax);
    for (const target of parse(text, path, root)) {
      const found = locate(target, directory, read);
      if (found === undefined) throw new ConfigError(`${path} imports "${target}", which is not in ${directory}`);
      if ('path' in found) load(found.path);
      else if (!bundled.has(target)) {
        bundled.add(target);
        root.addJSON(found.nested);
      }
    }
  };
  for (const path of files) load(path);
  try {
    root.resolveAll();
  } catch (cause) {
    throw new ConfigError(`cannot load the protos in ${directory}: ${messageOf(cause)}`, { cause });
  }
  return { root, syntax };
}

/** protobufjs's parser; its types lack `filename`, the file to which declarations and errors refer. */
const parser = protobuf.parse as typeof protobuf.parse & { filename: string | null };

/** Adds a .proto file to the protobufjs root; returns the file's imports. */
function parse(text: string, path: string, root: protobuf.Root): string[] {
  parser.filename = path;
  try {
    const { imports, weakImports } = parser(text, root, { keepCase: true });
    // Imports of gogo.proto are left out: its options control Go code generation and do not affect the wire format.
    return [...(imports ?? []), ...(weakImports ?? [])].filter((target) => basename(target) !== 'gogo.proto');
  } catch (cause) {
    throw new ConfigError(`cannot parse ${path}: ${messageOf(cause)}`, { cause });
  } finally {
    parser.filename = null;
  }
}

type Located = { readonly path: string } | { readonly nested: Record<string, protobuf.AnyNestedObject> };

/**
 * Resolves an import to a file. Kata up to 2.0 imports by Go paths, `github.com/kata-containers/…/oci.proto`, which refer to
 * the same directory.
 */
function locate(target: string, directory: string, read: ReadText): Located | undefined {
  const nested = protobuf.common.get(target)?.nested;
  if (nested) return { nested };
  const parts = target.split('/');
  const suffixes = /\./.test(parts[0] ?? '') ? parts.map((_, index) => parts.slice(index).join('/')) : [target];
  const candidates = [...suffixes.map((suffix) => join(directory, suffix)), join(BESIDE_PROTOBUFJS, target)];
  const path = candidates.find((candidate) => read(candidate) !== undefined);
  return path === undefined ? undefined : { path };
}
