import { type ESTree, parseSync, Visitor } from 'vite';
import { calleeOf, fixturesOf, isCallback, isExtension, tagsOf, titleOf } from './spec-syntax.ts';

/** A test of a spec file: its tags, and what it uses. */
export interface SpecTest {
  readonly title: string;
  /** Tags of the test and of the groups that it is in. */
  readonly tags: readonly string[];
  /** Names of the fixtures that the test and the hooks of its groups request, and of the imported functions that it calls. */
  readonly uses: readonly string[];
}

/** The file, or a group or test in it. Hooks add the fixtures that they request. */
interface Scope {
  readonly kind: 'file' | 'group' | 'test';
  readonly title: string;
  readonly tags: readonly string[];
  readonly uses: Set<string>;
}

/** Names that a spec file declares or imports. */
interface Names {
  readonly groups: Set<string>;
  readonly tests: Set<string>;
  /** Everything else that the file imports. */
  readonly imported: Set<string>;
  /** Values of the file's constants. */
  readonly constants: Map<string, ESTree.Expression>;
  /** Fixtures that a fixture of the file requests. */
  readonly requests: Map<string, readonly string[]>;
}

/** Reads the tests of a spec file. Functions of the file that a test calls are not followed; their fixtures are arguments. */
export function testsIn(path: string, source: string): readonly SpecTest[] {
  const { errors, program } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const names: Names = {
    groups: new Set(),
    tests: new Set(),
    imported: new Set(),
    constants: new Map(),
    requests: new Map(),
  };
  const file: Scope = { kind: 'file', title: path, tags: [], uses: new Set() };
  const around: [Scope, ...Scope[]] = [file];
  const tests: (readonly Scope[])[] = [];
  const entered = new Set<ESTree.CallExpression>();

  new Visitor({
    ImportDeclaration: (declaration) => addImports(declaration, names),
    VariableDeclarator: (declarator) => addConstant(declarator, names),
    CallExpression: (call) => {
      const inner = around.at(-1) ?? file;
      const { callee } = call;
      // A call in a function of the group is not one of every test in it.
      if (inner.kind === 'test' && callee.type === 'Identifier' && names.imported.has(callee.name))
        inner.uses.add(callee.name);
      const scope = scopeOf(call, names, inner, path);
      if (scope === undefined) return;
      entered.add(call);
      around.push(scope);
      if (scope.kind === 'test') tests.push([...around]);
    },
    'CallExpression:exit': (call) => {
      if (entered.has(call)) around.pop();
    },
  }).visit(program);

  return tests.map((scopes) => ({
    title: scopes.at(-1)?.title ?? '',
    tags: scopes.flatMap(({ tags }) => tags),
    uses: withRequests(
      scopes.flatMap(({ uses }) => [...uses]),
      names,
    ),
  }));
}

/** The group or test that a call declares; `undefined` for another call. Adds the fixtures of a hook to its group. */
function scopeOf(call: ESTree.CallExpression, names: Names, group: Scope, path: string): Scope | undefined {
  const { members, name } = calleeOf(call);
  const callback = call.arguments.find(isCallback);
  const isTest = names.tests.has(name);
  if (callback === undefined || !(isTest || names.groups.has(name))) return undefined;
  const fixtures = fixturesOf(callback, members.includes('for') ? 1 : 0);
  if (isExtension(members)) {
    const [fixture] = call.arguments;
    if (fixture?.type === 'Literal') names.requests.set(String(fixture.value), fixtures);
    return undefined;
  }
  if (members.some((member) => /^(?:before|after|around)/.test(member))) {
    for (const fixture of fixtures) group.uses.add(fixture);
    return undefined;
  }
  return {
    kind: isTest ? 'test' : 'group',
    title: titleOf(call),
    tags: tagsOf(call, names.constants, path),
    uses: new Set(isTest ? fixtures : []),
  };
}

function addImports({ specifiers }: ESTree.ImportDeclaration, { groups, imported, tests }: Names): void {
  for (const { local, ...specifier } of specifiers) {
    const name = 'imported' in specifier && 'name' in specifier.imported ? specifier.imported.name : local.name;
    if (name === 'describe') groups.add(local.name);
    else if (name === 'test') tests.add(local.name);
    else imported.add(local.name);
  }
}

function addConstant({ id, init }: ESTree.VariableDeclarator, { constants, tests }: Names): void {
  if (id.type !== 'Identifier' || init === null) return;
  constants.set(id.name, init);
  const call = init.type === 'CallExpression' ? calleeOf(init) : undefined;
  if (call !== undefined && tests.has(call.name) && isExtension(call.members)) tests.add(id.name);
}

/** Names of fixtures, and of the fixtures that those of the file request. */
function withRequests(uses: readonly string[], { requests }: Names): readonly string[] {
  const all = new Set(uses);
  // A set that grows while it is iterated is iterated to its new end.
  for (const name of all) for (const requested of requests.get(name) ?? []) all.add(requested);
  return [...all];
}
