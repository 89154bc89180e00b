import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError, messageOf } from '../helpers/errors.ts';
import { readArguments } from '../helpers/process/arguments.ts';
import { describeProtos, type ProtoSet, shortName } from './describe.ts';
import { diffProtos, renderDiff } from './diff.ts';
import { addEndpoint } from './endpoint/add-endpoint.ts';
import { planFiles } from './endpoint/plan-files.ts';
import { replaceFiles } from './endpoint/replace-files.ts';
import type { SetName } from './endpoint/spec.ts';
import { findProtoDirectory } from './find.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SETS = ['skopeo', 'main'] as const;

const USAGE = `pnpm endpoint add <Method> --from <kata checkout>   adds a method to our protos, with its messages, types and a spec
pnpm protos diff --from <kata checkout>             lists what the checkout added, removed or changed on the wire
Both accept --set skopeo|main; default: the set of the checkout's generation.
endpoint add accepts --spec suites/agent/NAME.spec.ts, the path of the new spec.`;

/** The protos of a Kata checkout, and the set of our protos with which to compare them. */
interface Checkout {
  readonly protos: ProtoSet;
  readonly set: SetName;
  /** The set of our protos for the generation of the checkout's agent. */
  readonly ownSet: SetName;
}

function readCheckout(from: string | undefined, asked: string | undefined): Checkout {
  if (from === undefined || from === '')
    throw new ConfigError(`--from is missing; expected the directory of a Kata checkout\n${USAGE}`);
  const set = SETS.find((name) => name === asked);
  if (asked !== undefined && set === undefined) throw new ConfigError(`--set ${asked}: expected ${SETS.join(' or ')}`);
  const protos = describeProtos(findProtoDirectory(from, '--from '));
  // The protos tell the agent's generation: agents that pull images themselves have the service Image; agents from main
  // delegate pulls to the CDH.
  const ownSet = [...protos.services.keys()].some((name) => shortName(name) === 'Image') ? 'skopeo' : 'main';
  return { protos, set: set ?? ownSet, ownSet };
}

function ownDirectory(set: SetName): string {
  return join(ROOT, 'protos', set);
}

async function endpointAdd(name: string, { protos, set }: Checkout, spec: string | undefined): Promise<void> {
  const own = new Map(SETS.map((each) => [each, describeProtos(ownDirectory(each))]));
  const addition = addEndpoint(ownDirectory(set), protos, name, own);
  const files = await planFiles(ROOT, set, addition, spec);
  await replaceFiles(new Map([...files.texts].map(([file, text]) => [join(ROOT, file), text])));
  const generated = `protos/generated/${set}`;
  const written = [...files.texts.keys()].filter((file) => !file.startsWith(generated));
  for (const file of [...written, generated]) console.log(`wrote ${file}`);
  const extended = addition.added.filter(({ in: type }) => own.get(set)?.declared.has(type));
  if (extended.length > 0) console.log(`added to messages and enums of protos/${set}:\n${renderDiff(extended)}`);
  if (files.spec === undefined) {
    console.log(`no spec: protos/${set} has ${addition.method} already; only its messages were extended`);
  } else {
    console.log(`next: pnpm test ${files.spec}   (fails until you write what ${addition.method} returns)`);
  }
}

function protosDiff({ ownSet, protos, set }: Checkout): void {
  const other = set === ownSet ? '' : ` (the checkout's generation is that of protos/${ownSet})`;
  console.log(
    `compared with protos/${set}${other}:\n${renderDiff(diffProtos(describeProtos(ownDirectory(set)), protos))}`,
  );
}

try {
  const { positionals, values } = readArguments(
    {
      allowPositionals: true,
      options: { from: { type: 'string' }, set: { type: 'string' }, spec: { type: 'string' } },
    },
    USAGE,
  );
  const [noun, verb, ...names] = positionals;
  const [name, ...more] = names;
  if (noun === 'endpoint' && verb === 'add') {
    if (name === undefined) throw new ConfigError(`the method's name is missing\n${USAGE}`);
    if (more.length > 0) throw new ConfigError(`${names.join(', ')}: expected one method\n${USAGE}`);
    await endpointAdd(name, readCheckout(values.from, values.set), values.spec);
  } else if (noun === 'protos' && verb === 'diff' && name === undefined) {
    protosDiff(readCheckout(values.from, values.set));
  } else throw new ConfigError(USAGE);
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
