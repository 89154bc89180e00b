import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { projectPath } from '../../project.ts';
import { SUITE_DIRECTORY, SUITE_ENVIRONMENT, SUITE_LINKS, suitePackages } from './contents.ts';

const text = await readFile(projectPath('.ci/Containerfile'), 'utf8');
const [, last = ''] = text.split(/^FROM .*$/m).slice(1);

test('.ci/Containerfile installs the packages of the suite image', () => {
  const [, names = ''] = /apt-get install --yes --no-install-recommends \\\n(.*) \\\n/.exec(last) ?? [];
  expect(names.trim().split(' ')).toEqual(suitePackages());
});

test('.ci/Containerfile installs the pnpm version of package.json', () => {
  expect(text.match(/pnpm@[\d.]+/g)).toEqual([manifest.packageManager]);
});

test('.ci/Containerfile has the directory and the environment of the suite image', () => {
  const { PATH, ...environment } = SUITE_ENVIRONMENT;
  expect(PATH).toContain('/usr/local/bin');
  const set = [...last.matchAll(/^ENV (\w+)=(\S+)$/gm)].map(([, name, value]) => [name, value]);
  expect(Object.fromEntries(set)).toEqual(environment);
  expect([...last.matchAll(/^WORKDIR (\S+)$/gm)].map(([, directory]) => directory)).toEqual([SUITE_DIRECTORY]);
});

test('.ci/Containerfile links the programs of the suite image', () => {
  const paths = Object.values(SUITE_LINKS).map((path) => path.replace(`-${process.arch}/`, '-*/'));
  const [, linked = ''] = /ln -s (.*) \/usr\/local\/bin\/ /.exec(last) ?? [];
  expect(linked.split(' ')).toEqual(paths.map((path) => `${SUITE_DIRECTORY}/${path}`));
});

test('.ci/Containerfile.dockerignore leaves out the repository and what git ignores', async () => {
  const ignored = await readFile(projectPath('.gitignore'), 'utf8');
  expect(await readFile(projectPath('.ci/Containerfile.dockerignore'), 'utf8')).toBe(`.git\n${ignored}`);
});
