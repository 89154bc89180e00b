import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { readArguments } from '../helpers/arguments.ts';
import { ConfigError, messageOf } from '../helpers/errors.ts';
import { addEndpoint, kebabCase } from './add-endpoint.ts';
import { describeProtos, type ProtoSet } from './describe.ts';
import { diffProtos, renderDiff } from './diff.ts';
import { endpointSpec } from './endpoint-spec.ts';
import { findProtoDirectory } from './find.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = join(HERE, '..');

const USAGE = `pnpm endpoint add <Method> --from <kata checkout>   takes a method over, with its messages, types and a spec
pnpm protos diff --from <kata checkout>             what it added, removed or changed on the wire
both take --set skopeo|main; by default the set of the checkout's own generation`;

type Set = 'skopeo' | 'main';

/** The checkout's protos, ours that they are compared with, and where ours are. */
interface Sets {
  readonly theirs: ProtoSet;
  readonly ours: ProtoSet;
  readonly set: Set;
  readonly directory: string;
}

function readSets(from: string | undefined, asked: string | undefined): Sets {
  if (from === undefined) throw new ConfigError(`--from is missing: the directory of a Kata checkout\n${USAGE}`);
  if (asked !== undefined && asked !== 'skopeo' && asked !== 'main')
    throw new ConfigError(`--set ${asked}: wanted skopeo or main`);
  const theirs = describeProtos(findProtoDirectory(from, '--from '));
  const set = asked ?? (theirs.services.has('grpc.Image') ? 'skopeo' : 'main');
  const directory = join(HERE, set);
  return { theirs, ours: describeProtos(directory), set, directory };
}

async function endpointAdd(name: string | undefined, sets: Sets): Promise<void> {
  if (name === undefined) throw new ConfigError(`which method?\n${USAGE}`);
  const { directory, ours, set, theirs } = sets;
  const addition = addEndpoint(ours, theirs, name, (file) => readFileSync(join(directory, file), 'utf8'));
  const spec = join(
    ROOT,
    'suites/agent',
    `${kebabCase(addition.method.slice(addition.method.indexOf('/') + 1))}.spec.ts`,
  );
  if (existsSync(spec)) throw new ConfigError(`${relative(ROOT, spec)} is there already`);
  for (const [file, text] of addition.files) {
    await writeFile(join(directory, file), text);
    console.log(`wrote ${relative(ROOT, join(directory, file))}`);
  }
  await writeFile(spec, endpointSpec(addition, set));
  console.log(`wrote ${relative(ROOT, spec)}`);
  await execa('tsx', ['protos/generate.ts'], { cwd: ROOT, preferLocal: true, stdio: 'inherit' });
  await execa('biome', ['check', '--write', '--log-level=error', spec], {
    cwd: ROOT,
    preferLocal: true,
    stdio: 'inherit',
  });
  console.log(`wrote protos/generated/${set}`);
  console.log(`next: pnpm test ${relative(ROOT, spec)}   (it fails until you write what ${name} is to answer)`);
}

try {
  const { positionals, values } = readArguments({
    allowPositionals: true,
    options: { from: { type: 'string' }, set: { type: 'string' } },
  });
  const [noun, verb, name] = positionals;
  if (noun === 'endpoint' && verb === 'add') await endpointAdd(name, readSets(values.from, values.set));
  else if (noun === 'protos' && verb === 'diff') {
    const { ours, set, theirs } = readSets(values.from, values.set);
    console.log(`against protos/${set}:\n${renderDiff(diffProtos(ours, theirs))}`);
  } else throw new ConfigError(USAGE);
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
