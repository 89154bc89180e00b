import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { projectPath } from '../project.ts';
import { documentedRules, importRules, type LinterConfig } from './import-rules.ts';

test('the table of import rules in ARCHITECTURE.md is that of biome.json', async () => {
  const linter = JSON.parse(await readFile(projectPath('biome.json'), 'utf8')) as LinterConfig;
  const enforced = importRules(linter);
  expect(enforced.length).toBeGreaterThan(0);
  expect(documentedRules(await readFile(projectPath('ARCHITECTURE.md'), 'utf8'))).toEqual(enforced);
});

const RULES = [
  { folder: 'a/', forbidden: ['b/', 'c/x.ts'] },
  { folder: 'd/', forbidden: ['everything but a/test.ts'] },
  { folder: 'd/e/', forbidden: ['everything outside it but a/{x,y}.ts, a/z/'] },
];

test('importRules reads folders, files and exceptions, and skips overrides of other rules', () => {
  const override = (include: string, ...group: readonly string[]): LinterConfig['overrides'][number] => ({
    includes: [include],
    linter: { rules: { style: { noRestrictedImports: { options: { patterns: [{ group }] } } } } },
  });
  const others = [{ includes: ['x/**'], linter: { rules: { style: {} } } }, { includes: ['y/**'] }];
  const rules = [
    override('a/**', '**/b/**', '**/c/x.ts'),
    override('d/**', '**', '!**/a/test.ts'),
    override('d/e/**', '../**', '!../../a', '!../../a/{x,y}.ts', '!../../a/z/**'),
  ];
  expect(importRules({ overrides: [...others, ...rules] })).toEqual(RULES);
});

test('documentedRules reads the table and nothing behind it', () => {
  const table = '| folder | must not import | why |\n| --- | --- | --- |\n| `a/` | `b/`, `c/x.ts` | w |\n';
  const exceptions =
    '| `d/` | everything but `a/test.ts` | w |\n| `d/e/` | everything outside it but `a/{x,y}.ts`, `a/z/` | w |\n';
  expect(documentedRules(`# T\n${table}${exceptions}\n| x | y |\n`)).toEqual(RULES);
  expect(documentedRules('no table')).toEqual([]);
});
