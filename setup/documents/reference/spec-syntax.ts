import type { ESTree } from 'vite';

/** A function that is an argument of a call. */
type Callback = ESTree.Function | ESTree.ArrowFunctionExpression;

/** The name at the root of a call, `test` for `test.for(rows)(…)`, and the members on the way, `for`. */
export function calleeOf(call: ESTree.CallExpression): { readonly name: string; readonly members: readonly string[] } {
  const members: string[] = [];
  let node: ESTree.Expression = call.callee;
  for (;;) {
    if (node.type === 'CallExpression') node = node.callee;
    else if (node.type === 'MemberExpression') {
      if (node.property.type === 'Identifier') members.push(node.property.name);
      node = node.object;
    } else return { name: node.type === 'Identifier' ? node.name : '', members };
  }
}

/** Whether a call adds a fixture, `test.extend(…)`. */
export function isExtension(members: readonly string[]): boolean {
  return members.includes('extend') || members.includes('override');
}

/** Whether an argument is a function. */
export function isCallback(node: ESTree.Argument): node is Callback {
  return node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression';
}

/** Names of the fixtures that a callback requests in the pattern of its context. */
export function fixturesOf({ params }: Callback, index: number): readonly string[] {
  const context = params[index];
  if (context?.type !== 'ObjectPattern') return [];
  return context.properties.flatMap((property) =>
    property.type === 'Property' && property.key.type === 'Identifier' ? [property.key.name] : [],
  );
}

/** The title of a test or group. */
export function titleOf({ arguments: [title] }: ESTree.CallExpression): string {
  if (title?.type === 'TemplateLiteral') return title.quasis.map(({ value }) => value.cooked).join('…');
  return title?.type === 'Literal' ? String(title.value) : '';
}

/** Tags in the options of a test or group: literals, and constants of the file that are lists of literals. */
export function tagsOf(
  call: ESTree.CallExpression,
  lists: ReadonlyMap<string, ESTree.Expression>,
  path: string,
): string[] {
  const options = call.arguments.find((argument) => argument.type === 'ObjectExpression');
  const tags = options?.properties.find(
    (property) => property.type === 'Property' && property.key.type === 'Identifier' && property.key.name === 'tags',
  );
  const literals = (node: ESTree.Expression | undefined): string[] => {
    if (node?.type === 'TSAsExpression') return literals(node.expression);
    if (node?.type === 'Identifier') return literals(lists.get(node.name));
    if (node?.type === 'Literal' && typeof node.value === 'string') return [node.value];
    if (node?.type === 'ArrayExpression')
      return node.elements.flatMap((one) =>
        literals(one?.type === 'SpreadElement' ? one.argument : (one ?? undefined)),
      );
    throw new Error(`${path}: the tags of "${titleOf(call)}" are not literals or constants of the file`);
  };
  return tags?.type === 'Property' ? literals(tags.value) : [];
}
