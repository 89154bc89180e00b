import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { testWhere } from '../../helpers/contract/run-where.ts';
import { projectPath } from '../project.ts';
import { brokenLinks } from './broken-links.ts';
import { anchorsIn, linksIn } from './links.ts';
import { IN_A_REPOSITORY, projectFiles } from './project-files.ts';

test('linksIn finds links and images, and none in code', () => {
  const markdown =
    'see [a](a.md#b) and ![b](<c d.png>)\n\n| [c](https://c.example) |\n| - |\n\n`[d](d.md)`\n\n```\n[e](e.md)\n```\n';
  expect(linksIn(markdown)).toEqual(['a.md#b', 'c d.png', 'https://c.example']);
});

test('anchorsIn returns the anchors of GitHub: without markup and punctuation, numbered if repeated', () => {
  const markdown = "# Kata's `vm` target\n## Add a [lie](x.md), a *fault*\n## Again\n## Again\n```\n# code\n```\n";
  expect([...anchorsIn(markdown)]).toEqual(['katas-vm-target', 'add-a-lie-a-fault', 'again', 'again-1']);
});

test('brokenLinks reports links to missing files and headings, and accepts the others', () => {
  const texts = new Map([
    ['README.md', '# Top\n[1](#top) [2](docs/a.md#one) [3](docs/) [4](/docs/a.md) [5](https://x.example/gone)'],
    ['docs/a.md', '# One\n[1](../README.md#bottom) [2](b.md) [3](#two) [4](../src/x.ts) [5](../src/x.ts#L3)'],
  ]);
  expect(brokenLinks(texts, ['README.md', 'docs/a.md', 'src/x.ts'])).toEqual([
    'docs/a.md: ../README.md#bottom: no heading of README.md has this anchor',
    'docs/a.md: b.md: there is no docs/b.md',
    'docs/a.md: #two: no heading of docs/a.md has this anchor',
    'docs/a.md: ../src/x.ts#L3: src/x.ts has no headings',
  ]);
});

testWhere(IN_A_REPOSITORY)(
  'every link of the documents to a file or heading of the project leads somewhere',
  async () => {
    const paths = await projectFiles();
    const documents = paths.filter((path) => path.endsWith('.md'));
    const texts = await Promise.all(
      documents.map(async (path) => [path, await readFile(projectPath(path), 'utf8')] as const),
    );
    expect(documents).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md']));
    expect(brokenLinks(new Map(texts), paths)).toEqual([]);
  },
);
