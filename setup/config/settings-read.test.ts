import {
  isBindingElement,
  isInterfaceDeclaration,
  isPropertyAccessExpression,
  type Node,
} from 'typescript/unstable/ast';
import { API, type Project } from 'typescript/unstable/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectPath } from '../project.ts';
import { VARIABLES } from './config.ts';

/** Paths of the files that declare and parse settings: a setting that only these files mention has no effect. */
const DECLARED = projectPath('setup/config/validated.ts');
const PARSED = projectPath('setup/config/config.ts');

/*
 * The compiler finds the readers of a setting, so that a destructured field, a field of `Pick<Config, ...>` and one of
 * a type that extends `Config` count, and another property of that name does not. `typescript` is pinned, since this
 * part of it may change.
 */
let compiler: API;
let project: Project;
beforeAll(() => {
  compiler = new API({ cwd: projectPath('.') });
  const tsconfig = projectPath('tsconfig.json');
  const opened = compiler.updateSnapshot({ openProjects: [tsconfig] }).getProject(tsconfig);
  if (opened === undefined) throw new Error(`the compiler cannot open ${tsconfig}`);
  project = opened;
});
afterAll(() => compiler.close());

test.for(Object.entries(VARIABLES).map(([field, { name }]) => [name, field] as const))(
  'the setting %s is used: a file other than config.ts, validated.ts and tests reads the field %s of the configuration',
  ([, field]) => {
    const readers = readersOf(DECLARED, 'Config', field).filter((file) => file !== PARSED && !isTest(file));
    expect(readers).not.toEqual([]);
  },
);

test('control: the search for readers finds none for a setting that is declared and written but never read', () => {
  const example: Example = { read: 'a', destructured: 'b', written: 'c' };
  const { destructured } = example;
  const keys: readonly (keyof Example)[] = ['written'];
  expect([example.read, destructured, keys]).toEqual(['a', 'b', ['written']]);
  const here = projectPath('setup/config/settings-read.test.ts');
  expect(readersOf(here, 'Example', 'read')).toEqual([here]);
  expect(readersOf(here, 'Example', 'destructured')).toEqual([here]);
  expect(readersOf(here, 'Example', 'written')).toEqual([]);
});

interface Example {
  readonly read: string;
  readonly destructured: string;
  readonly written: string;
}

function isTest(file: string): boolean {
  return /\.(?:test|example)\.ts$/.test(file);
}

/** Source files that read a property of an interface. */
function readersOf(file: string, type: string, property: string): string[] {
  const name = declarationOf(file, type, property);
  const references = project.checker
    .getReferencedSymbolsForNode(name, name.getStart())
    .flatMap((found) => found.references.flatMap((handle) => handle.resolve(project) ?? []));
  return [...new Set(references.filter(isRead).map((node) => node.getSourceFile().fileName))];
}

function declarationOf(file: string, type: string, property: string): Node {
  const source = project.program.getSourceFile(file);
  const members = source?.statements
    .filter(isInterfaceDeclaration)
    .filter(({ name }) => name.text === type)
    .flatMap((declared) => [...declared.members]);
  const names = members?.flatMap((member) => ('name' in member ? [member.name as Node] : []));
  const found = names?.find((name) => name.getText() === property);
  if (found === undefined) throw new Error(`${file} declares no ${type} with ${property}`);
  return found;
}

/**
 * Whether a syntax node reads a field: `config.field`, or a destructured `{ field }`. An object literal writes the
 * field.
 */
function isRead({ parent }: Node): boolean {
  return isPropertyAccessExpression(parent) || isBindingElement(parent);
}
