import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeProtos, type ProtoSet, shortName } from './describe.ts';
import { diffProtos, renderDiff } from './diff.ts';
import { addEndpoint } from './endpoint/add-endpoint.ts';
import { planFiles } from './endpoint/plan-files.ts';
import { replaceFiles } from './endpoint/replace-files.ts';
import type { SetName } from './endpoint/spec.ts';
import { findProtoDirectory } from './find.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SETS = ['skopeo', 'main'] as const;

/** The protos of a Kata checkout, and the set of our protos with which to compare them. */
interface Checkout {
  readonly protos: ProtoSet;
  readonly set: SetName;
  /** The set of our protos for the generation of the checkout's agent. */
  readonly ownSet: SetName;
}

/** Options of commands that read a checkout of Kata. */
export interface CheckoutOptions {
  /** Directory of the checkout. */
  readonly from: string;
  /** Set of our protos; that of the checkout's generation by default. */
  readonly set?: SetName;
}

function readCheckout({ from, set }: CheckoutOptions): Checkout {
  const protos = describeProtos(findProtoDirectory(from, '--from '));
  // Agents that pull images themselves have the service Image; agents from main delegate pulls to the CDH.
  const ownSet = [...protos.services.keys()].some((name) => shortName(name) === 'Image') ? 'skopeo' : 'main';
  return { protos, set: set ?? ownSet, ownSet };
}

function ownDirectory(set: SetName): string {
  return join(ROOT, 'protos', set);
}

/** Adds a method of a checkout to our protos, with its messages, types and a spec at the path `spec`. */
export async function endpointAdd(
  name: string,
  { spec, ...options }: CheckoutOptions & { readonly spec?: string },
): Promise<void> {
  const { protos, set } = readCheckout(options);
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

/** Prints what a checkout adds, removes or changes on the wire. */
export function protosDiff(options: CheckoutOptions): void {
  const { ownSet, protos, set } = readCheckout(options);
  const other = set === ownSet ? '' : ` (the checkout's generation is that of protos/${ownSet})`;
  console.log(
    `compared with protos/${set}${other}:\n${renderDiff(diffProtos(describeProtos(ownDirectory(set)), protos))}`,
  );
}
