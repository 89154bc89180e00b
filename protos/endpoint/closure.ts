import type { ProtoSet } from '../describe.ts';

/** The message and enum types that an RPC method needs. */
export interface Closure {
  /**
   * All types that the method needs, including types nested in the ones that we lack; without Google's types and
   * scalars.
   */
  readonly types: readonly string[];
  /**
   * The types that our protos lack, without types nested in another lacking one, which are declared together with it.
   */
  readonly lacking: readonly string[];
}

/** The messages and enums of a checkout's protos that are reachable from `roots`, in order of discovery. */
export function closureOf(ours: ProtoSet, theirs: ProtoSet, roots: readonly string[]): Closure {
  const types = new Set<string>();
  const lacking = new Set<string>();
  const visit = (type: string): void => {
    const declaration = theirs.declared.get(type);
    if (declaration === undefined || types.has(type)) return;
    if (!ours.declared.has(type)) {
      const { outer } = declaration;
      if (outer !== undefined && !ours.declared.has(outer)) visit(outer);
      else lacking.add(type);
      if (types.has(type)) return;
    }
    types.add(type);
    for (const field of theirs.messages.get(type)?.values() ?? []) visit(field.type);
    if (!ours.declared.has(type)) for (const inner of declaredIn(type, theirs)) visit(inner);
  };
  for (const root of roots) visit(root);
  return { types: [...types], lacking: [...lacking] };
}

/** Messages and enums nested directly in a message. */
export function declaredIn(message: string, { declared }: ProtoSet): string[] {
  return [...declared].filter(([, { outer }]) => outer === message).map(([name]) => name);
}

/** Types of the fields of a proto message and of its nested messages. */
export function usedBy(type: string, set: ProtoSet): string[] {
  const fields = [...(set.messages.get(type)?.values() ?? [])].map((field) => field.type);
  return [...fields, ...declaredIn(type, set).flatMap((inner) => usedBy(inner, set))];
}
