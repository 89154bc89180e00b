import { type ESTree, parseSync, Visitor } from 'vite';

/** A test of a spec file: its tags, and what it uses. */
export interface SpecTest {
  readonly title: string;
  /** Tags of the test and of the groups that it is in. */
  readonly tags: readonly string[];
  /** Names of the fixtures that the test and the hooks of its groups request, and of the imported functions that it calls. */
  readonly uses: readonly string[];
}

/** The test or group whose code the visitor is in. Hooks add their fixtures to the group. */
interface Scope {
  readonly title?: string;
  readonly tags: readonly string[];
  readonly uses: Set<string>;
}

type Callback = ESTree.Function | ESTree.ArrowFunctionExpression;

/** Reads the tests of a spec file. Functions of the file that a test calls are not followed; their fixtures are arguments. */
export function testsIn(path: string, source: string): readonly SpecTest[] {
  const { errors, program } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const file: Scope = { tags: [], uses: new Set() };
  const scopes: Scope[] = [file];
  const found: (readonly [test: Scope, groups: readonly Scope[]])[] = [];
  const lists = new Map<string, ESTree.Expression>();
  const suites = new Set<string>();
  const testNames = new Set<string>();
  const imported = new Set<string>();
  const dependencies = new Map<string, readonly string[]>();

  const enter = (call: ESTree.CallExpression): void => {
    const { name, members } = calleeOf(call);
    if (isExtension(members)) addDependencies(call, dependencies);
    const callback = call.arguments.find(isCallback);
    if (callback === undefined || isExtension(members)) return;
    const isSuite = suites.has(name);
    const isHook = members.some((member) => /^(?:before|after|around)/.test(member));
    if (!isSuite && !testNames.has(name)) return;
    const requested = isSuite ? [] : fixturesOf(callback, members.includes('for') ? 1 : 0);
    if (isHook) {
      for (const fixture of requested) scopes.at(-1)?.uses.add(fixture);
      return;
    }
    const scope: Scope = {
      ...(isSuite ? {} : { title: titleOf(call) }),
      tags: tagsOf(call, lists, path),
      uses: new Set(requested),
    };
    if (!isSuite) found.push([scope, [...scopes]]);
    scopes.push(scope);
    entered.add(call);
  };
  const entered = new Set<ESTree.CallExpression>();

  new Visitor({
    ImportDeclaration: ({ specifiers }) => {
      for (const { local, ...specifier } of specifiers) {
        const name = 'imported' in specifier && 'name' in specifier.imported ? specifier.imported.name : local.name;
        if (name === 'describe') suites.add(local.name);
        else if (name === 'test') testNames.add(local.name);
        else imported.add(local.name);
      }
    },
    VariableDeclarator: ({ id, init }) => {
      if (id.type !== 'Identifier' || init === null) return;
      lists.set(id.name, init);
      const call = init.type === 'CallExpression' ? calleeOf(init) : undefined;
      if (call !== undefined && testNames.has(call.name) && isExtension(call.members)) testNames.add(id.name);
    },
    CallExpression: (call) => {
      const { callee } = call;
      const scope = scopes.at(-1);
      // A call in a function of the group is not one of every test in it.
      if (callee.type === 'Identifier' && imported.has(callee.name) && scope?.title !== undefined)
        scope.uses.add(callee.name);
      enter(call);
    },
    'CallExpression:exit': (call) => {
      if (entered.has(call)) scopes.pop();
    },
  }).visit(program);

  return found.map(([test, groups]) => {
    const around = [...groups, test];
    const uses = new Set(around.flatMap((scope) => [...scope.uses]));
    // A set that grows during its iteration is iterated to its new end.
    for (const name of uses) for (const needed of dependencies.get(name) ?? []) uses.add(needed);
    return { title: test.title ?? '', tags: around.flatMap(({ tags }) => tags), uses: [...uses] };
  });
}

/** The name at the root of a call, `test` for `test.for(rows)(…)`, and the members on the way, `for`. */
function calleeOf(call: ESTree.CallExpression): { readonly name: string; readonly members: readonly string[] } {
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

function isExtension(members: readonly string[]): boolean {
  return members.includes('extend') || members.includes('override');
}

function isCallback(node: ESTree.Argument): node is Callback {
  return node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression';
}

/** Names of the fixtures that a callback requests in the pattern of its context. */
function fixturesOf({ params }: Callback, index: number): readonly string[] {
  const context = params[index];
  if (context?.type !== 'ObjectPattern') return [];
  return context.properties.flatMap((property) =>
    property.type === 'Property' && property.key.type === 'Identifier' ? [property.key.name] : [],
  );
}

/** Records the fixtures that a fixture of the file, `test.extend('name', …, ({ pull }) => …)`, requests. */
function addDependencies({ arguments: [first, ...rest] }: ESTree.CallExpression, of: Map<string, readonly string[]>) {
  const callback = rest.find(isCallback);
  if (first?.type === 'Literal' && callback !== undefined) of.set(String(first.value), fixturesOf(callback, 0));
}

function titleOf({ arguments: [title] }: ESTree.CallExpression): string {
  if (title?.type === 'TemplateLiteral') return title.quasis.map(({ value }) => value.cooked).join('…');
  return title?.type === 'Literal' ? String(title.value) : '';
}

/** Tags in the options of a test or group: literals, and constants of the file that are lists of literals. */
function tagsOf(call: ESTree.CallExpression, lists: ReadonlyMap<string, ESTree.Expression>, path: string): string[] {
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
