import { globSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { IMAGE_VARIABLE } from '../../fixtures/images/catalogue.ts';
import * as names from '../../helpers/kata/names.ts';
import { kataProgram } from '../commands/program.ts';
import { FIXED, VARIABLES } from '../config/config.ts';
import { REQUIREMENTS } from '../config/pins.ts';
import { projectPath } from '../project.ts';
import { type CommandTree, type ExistingNames, unknownMentions } from './mentions.ts';

/** All documents but the changelog, which may name things that no longer exist. */
const DOCUMENTS = globSync(['*.md', 'docs/*.md', 'suites/**/*.md', '.github/**/*.md'], {
  cwd: projectPath('.'),
}).filter((path) => path !== 'CHANGELOG.md');

const { scripts } = JSON.parse(textOf('package.json') ?? '') as { readonly scripts: Readonly<Record<string, string>> };

const program = await kataProgram();

/** Names that only look like settings: exported constants, and a variable of the test images. */
const NO_SETTINGS = [...Object.keys(names), ...IMAGE_VARIABLE.split('=', 1)];

/** All identifiers and words of comments in this project's code and protos, which documents may mention. */
const words = new Set(
  globSync(['{fixtures,helpers,protos,reports,setup,suites}/**/*.{ts,tsx,proto}', '*.ts'], { cwd: projectPath('.') })
    .filter((path) => !path.endsWith('.test.ts'))
    .flatMap((path) => textOf(path)?.match(/\w+/g) ?? []),
);

const known: ExistingNames = {
  pathExists: (path) => globSync(path, { cwd: projectPath('.'), exclude: ['node_modules'] }).length > 0,
  scripts: Object.keys(scripts),
  // `pnpm ccv0` and `pnpm devvm` are commands of `pnpm kata` as well.
  commands: { ...treeOf(program), kata: treeOf(program) },
  hasIdentifier: (name) => words.has(name),
  variables: [...[...Object.values(VARIABLES), ...FIXED].map(({ name }) => name), ...NO_SETTINGS],
};

test('README.md, CONTRIBUTING.md and ARCHITECTURE.md are among the documents that are checked', () => {
  expect(DOCUMENTS).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md']));
});

test.for(DOCUMENTS)(
  'the document %s mentions only paths, commands, settings and identifiers that exist',
  (document) => {
    expect(unknownMentions(textOf(document) ?? '', known)).toEqual([]);
  },
);

test('README.md names every spec file, or the directory of specs that it is in', () => {
  const readme = textOf('README.md') ?? '';
  const specs = globSync('suites/**/*.spec.ts', { cwd: projectPath('.') });
  expect(specs.length).toBeGreaterThan(0);
  expect(specs.filter((spec) => ![spec, `${dirname(spec)}/`].some((path) => readme.includes(`\`${path}\``)))).toEqual(
    [],
  );
});

test('docs/commands.md has every command of pnpm kata', () => {
  const page = textOf('docs/commands.md') ?? '';
  const isListed = (name: string): boolean =>
    [`\`pnpm ${name}`, `\`pnpm kata ${name}`].some((text) => page.includes(text));
  expect(program.commands.length).toBeGreaterThan(0);
  expect(program.commands.map((command) => command.name()).filter((name) => !isListed(name))).toEqual([]);
});

test.for(['local', 'vm', 'kata'] as const)(
  'docs/targets.md has the memory and disk that target %s requires',
  (target) => {
    const { cacheFreeMib, memoryMib } = REQUIREMENTS[target];
    const row = textOf('docs/targets.md')
      ?.split('\n')
      .find((line) => line.startsWith(`| \`${target}\` `));
    expect(row).toContain(`| ${memoryMib / 1_024} GiB, ${cacheFreeMib / 1_024} GiB `);
  },
);

/** The commands of a command; none if it has no commands of its own. */
function treeOf({ commands }: Command): CommandTree {
  const trees = commands.map((command) => [command.name(), treeOf(command)] as const);
  return trees.length === 0 ? {} : Object.fromEntries([['help', {}], ...trees]);
}

/** Text of a file of the project, empty for a directory; `undefined` if it does not exist. */
function textOf(path: string): string | undefined {
  const found = statSync(projectPath(path), { throwIfNoEntry: false });
  return found?.isFile() ? readFileSync(projectPath(path), 'utf8') : found && '';
}
