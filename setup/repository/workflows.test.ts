import { readdir, readFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { projectPath } from '../project.ts';

const DIRECTORY = '.github/workflows';
const FILES = await readdir(projectPath(DIRECTORY));
const read = (file: string): Promise<string> => readFile(projectPath(`${DIRECTORY}/${file}`), 'utf8');

/** The actions that a GitHub workflow uses, each with its comment. */
function uses(workflow: string): string[] {
  return [...workflow.matchAll(/^[\s-]*uses:\s*(.*)$/gm)].map(([, action = '']) => action);
}

test.for(FILES)(
  'the GitHub workflow %s is YAML with jobs and uses actions by commit, with the version in a comment',
  async (file) => {
    const text = await read(file);
    expect(load(text)).toHaveProperty('jobs');
    expect(uses(text)).not.toEqual([]);
    for (const action of uses(text)) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  },
);

test('a GitHub action has the same commit in every workflow', async () => {
  const all = new Set((await Promise.all(FILES.map(read))).flatMap(uses));
  const names = [...all].map((action) => action.split('@')[0]);
  expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
});

test('GitHub workflows install the pnpm version of package.json', async () => {
  const { packageManager } = JSON.parse(await readFile(projectPath('package.json'), 'utf8')) as {
    packageManager: string;
  };
  const installed = (await Promise.all(FILES.map(read))).flatMap((text) => text.match(/pnpm@[\d.]+/g) ?? []);
  expect(new Set(installed)).toEqual(new Set([packageManager]));
});
