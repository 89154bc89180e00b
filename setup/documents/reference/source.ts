import { API, type Checker, type Program, SymbolFlags, type Symbol as TypeSymbol } from 'typescript/unstable/sync';
import { projectPath } from '../../project.ts';

/** A declaration of this project's source, with its doc comment. */
export interface Described {
  readonly name: string;
  /** Whether the declaration is an optional member. */
  readonly optional: boolean;
  /** Type of the declaration as written in the source; for a function or class, the signature. */
  readonly type: string;
  /** Text of the declaration's doc comment as one line; empty if it has none. */
  readonly text: string;
  /** Texts of the doc comment's tags by name, such as `cost` and `throws`. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The types and doc comments of this project, as the compiler sees them. The compiler's interface is marked as unstable,
 * so only this module uses it, and package.json has the compiler's exact version.
 */
export interface ProjectSource extends Disposable {
  /** The exports of a module that this project declares, in the order of the source. */
  exportsOf(path: string): readonly Described[];
  /** The members of an exported interface, or of the value of an exported constant, in the order of the source. */
  membersOf(path: string, name: string): readonly Described[];
  /** The types of which an exported type is the intersection, in the order of the source. */
  partsOf(path: string, name: string): readonly Part[];
}

/** A type that is part of an intersection type. */
export interface Part extends Described {
  /** The members of a member of this type; none if it has no such member. */
  membersOf(member: string): readonly Described[];
}

/** Opens the project in the TypeScript compiler, which takes seconds. */
export function openSource(): ProjectSource {
  const api = new API({ cwd: projectPath('.') });
  const config = projectPath('tsconfig.json');
  const project = api.updateSnapshot({ openProjects: [config] }).getProject(config);
  if (project === undefined) throw new Error(`the compiler did not open ${config}`);
  const { checker, program } = project;
  const find = (path: string, name: string): TypeSymbol => {
    const found = exportsIn(path, { checker, program }).find((symbol) => symbol.name === name);
    if (found === undefined) throw new Error(`${path} does not export ${name}`);
    return found;
  };
  const members = (symbol: TypeSymbol): readonly TypeSymbol[] => {
    const isType = (symbol.flags & SymbolFlags.Type) !== 0;
    const type = isType ? checker.getDeclaredTypeOfSymbol(symbol) : checker.getTypeOfSymbol(symbol);
    const properties = type === undefined ? [] : checker.getPropertiesOfType(type);
    // Members named by a symbol, such as [Symbol.asyncDispose], are left out, as are those of classes such as Error.
    return inOrder(properties.filter((member) => !member.name.startsWith('__@') && isOurs(member, checker)));
  };
  const described = (symbol: TypeSymbol): Described => describe(symbol, checker);
  return {
    exportsOf: (path) => {
      const exported = exportsIn(path, { checker, program }).map((symbol) => [symbol, described(symbol)] as const);
      return exported.filter(([symbol]) => isOurs(symbol, checker)).map(([, one]) => one);
    },
    membersOf: (path, name) => members(find(path, name)).map(described),
    partsOf: (path, name) => {
      const type = checker.getDeclaredTypeOfSymbol(find(path, name));
      if (!type.isIntersectionType()) throw new Error(`${path}: ${name} is no intersection`);
      return type.getTypes().map((part) => {
        const symbol = part.getSymbol();
        if (symbol === undefined) throw new Error(`${path}: a part of ${name} has no name`);
        const membersOf = (member: string): readonly Described[] => {
          const inner = members(symbol).find(({ name: of }) => of === member);
          return inner === undefined ? [] : members(inner).map(described);
        };
        return { ...described(symbol), membersOf };
      });
    },
    [Symbol.dispose]: () => api.close(),
  };
}

interface Compiled {
  readonly checker: Checker;
  readonly program: Program;
}

function exportsIn(path: string, { checker, program }: Compiled): readonly TypeSymbol[] {
  const file = program.getSourceFile(projectPath(path));
  const symbol = file && checker.getSymbolAtLocation(file);
  if (symbol === undefined) throw new Error(`the compiler found no module ${path}`);
  return checker.getExportsOfModule(symbol);
}

/** Members of a type in the order of the source, those of one declaration together. */
function inOrder(members: readonly TypeSymbol[]): readonly TypeSymbol[] {
  const places = members.map((member) => ({
    member,
    path: member.declarations[0]?.path ?? '',
    at: member.declarations[0]?.index ?? 0,
  }));
  return places.sort((a, b) => b.path.localeCompare(a.path) || a.at - b.at).map(({ member }) => member);
}

/** Whether a symbol, or the symbol of which it is an alias, is declared in this project and not in a package. */
function isOurs(exported: TypeSymbol, checker: Checker): boolean {
  const { declarations } = resolved(exported, checker);
  return declarations.every(({ path }) => !path.includes('/node_modules/'));
}

function resolved(symbol: TypeSymbol, checker: Checker): TypeSymbol {
  return (symbol.flags & SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
}

function describe(exported: TypeSymbol, checker: Checker): Described {
  const symbol = resolved(exported, checker);
  const tags = checker.getJsDocTagsOfSymbol(symbol).map(({ name, text }) => [name, oneLine(text ?? '')] as const);
  return {
    name: exported.name,
    optional: (exported.flags & SymbolFlags.Optional) !== 0,
    type: typeOf(symbol, checker),
    text: oneLine(checker.getDocumentationCommentOfSymbol(symbol)),
    tags: Object.fromEntries(tags),
  };
}

/**
 * The type of a declaration as the source has it, which is shorter than what the compiler infers; without a type there,
 * the inferred one.
 */
function typeOf(symbol: TypeSymbol, checker: Checker): string {
  const node = symbol.valueDeclaration?.resolve();
  if ((symbol.flags & SymbolFlags.Function) !== 0 && node !== undefined) return signatureIn(node.getText());
  const written = node && 'type' in node ? (node.type as { getText(): string } | undefined) : undefined;
  if ((symbol.flags & SymbolFlags.Property) !== 0 && written !== undefined) return oneLine(written.getText());
  if ((symbol.flags & SymbolFlags.Method) !== 0 && node !== undefined) return signatureIn(node.getText());
  if ((symbol.flags & SymbolFlags.TypeAlias) !== 0) return definitionOf(symbol);
  if ((symbol.flags & SymbolFlags.Value) === 0) return '';
  const type = checker.getTypeOfSymbol(symbol);
  return type === undefined ? '' : checker.typeToString(type);
}

/** The type that a type alias names. */
function definitionOf(symbol: TypeSymbol): string {
  const node = symbol.declarations[0]?.resolve();
  return node !== undefined && 'type' in node
    ? oneLine((node.type as { getText(): string }).getText()).replace(/^\| /, '')
    : '';
}

/** Parameters and result of a function or method declaration: its text up to the body. */
function signatureIn(text: string): string {
  const [head = ''] = text.split(/ \{\n/);
  return oneLine(head.replace(/^(?:export |async |function )*\w*/, '').replace(/;$/, ''));
}

/** A text of the source without its line breaks. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('( ', '(').replaceAll(', )', ')').trim();
}
