import type { ProtoSet } from '../describe.ts';

/** Types that a method needs, by whether we have them. */
export interface Closure {
  /** All of them, with what is declared inside those that we lack; Google's and scalars excepted. */
  readonly types: readonly string[];
  /** Those that we lack and whose outer message, if any, we have: what is declared inside comes with them. */
  readonly lacking: readonly string[];
}

/** The messages and enums of `theirs` that are reachable from `roots`, in the order in which they are reached. */
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

/** Messages and enums directly inside a message. */
export function declaredIn(message: string, { declared }: ProtoSet): string[] {
  return [...declared].filter(([, { outer }]) => outer === message).map(([name]) => name);
}

/** Types that the fields of a type, and of what is declared inside it, name. */
export function usedBy(type: string, set: ProtoSet): string[] {
  const fields = [...(set.messages.get(type)?.values() ?? [])].map((field) => field.type);
  return [...fields, ...declaredIn(type, set).flatMap((inner) => usedBy(inner, set))];
}
