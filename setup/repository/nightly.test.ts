import { readdir, readFile } from 'node:fs/promises';
import { loadAll } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { parse } from '../commands/example-command-line.ts';
import { SUITE_IMAGE } from '../commands/image/contents.ts';
import { loadConfig, settingNotices, withoutEffect } from '../config/config.ts';
import { withTarget } from '../config/validated.ts';
import { projectPath } from '../project.ts';
import { suitesArguments } from '../vitest/arguments.ts';
import { commandsIn, type RunStep, runSteps } from './workflow-jobs.ts';

interface Job {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly Container[] } };
  };
}

interface Container {
  readonly image: string;
  readonly command: readonly string[];
  readonly args?: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
}

const text = (path: string): Promise<string> => readFile(projectPath(path), 'utf8');

const WORKFLOWS = (await readdir(projectPath('.github/workflows'))).map((file) => `.github/workflows/${file}`);
const JOBS = (await Promise.all(['.ci/nightly-job.yaml', '.ci/nightly-merge.yaml'].map(text)))
  .flatMap((manifests) => loadAll(manifests) as readonly Job[])
  .filter(({ kind }) => kind === 'Job');

const steps: readonly RunStep[] = [
  ...(await Promise.all(WORKFLOWS.map(text))).flatMap(runSteps),
  ...JOBS.flatMap(ofJob),
];

function ofJob({ metadata, spec }: Job): readonly RunStep[] {
  return spec.template.spec.containers.map(({ args = [], command, env }) => ({
    where: metadata.name,
    run: [...command, ...args].join(' '),
    env: Object.fromEntries(env.map(({ name, value }) => [name, value])),
  }));
}

/** Commands of pnpm's own that workflows use. */
const PNPM = ['exec', 'install'];

/** Why this project rejects a command; `undefined` if it accepts it. */
async function whyRejected([command = '', ...words]: readonly string[]): Promise<string | undefined> {
  if (PNPM.includes(command)) return undefined;
  if (!(command in manifest.scripts)) return `no script ${command} in package.json`;
  if (command === 'test') return suitesArguments(words).length > 0 ? undefined : 'no arguments';
  if (words.length === 0 && command !== 'teardown') return undefined;
  const { said } = await parse(command === 'kata' ? words : [command, ...words]);
  return said === 'accepted' ? undefined : said;
}

describe('the commands of GitHub workflows and of the Jobs in .ci', () => {
  const commands = new Set(steps.flatMap(({ run }) => commandsIn(run).map((words) => JSON.stringify(words))));

  test('include each tool that a night runs', () => {
    const run = [...commands].map((words) => (JSON.parse(words) as string[]).join(' '));
    const nightly = ['faults', 'mutants', 'soak', 'bench', 'releases', 'shards run 1/4', 'shards merge'];
    expect(run).toEqual(expect.arrayContaining(['test', 'teardown', ...nightly.map((words) => `kata ${words}`)]));
  });

  test.for(
    [...commands].map((words) => JSON.parse(words) as string[]).map((words) => [words.join(' '), words] as const),
  )('exist: pnpm %s', async ([, words]) => {
    expect(await whyRejected(words)).toBeUndefined();
  });
});

const environments = new Map(steps.map(({ env, where }) => [`${where}: ${JSON.stringify(env)}`, env]));

test.for([...environments])('the settings of a nightly step exist, are valid and have an effect: %s', ([, env]) => {
  expect(settingNotices(env)).toEqual([]);
  const config = loadConfig(env);
  const { target } = config;
  if (target !== 'auto') expect(withoutEffect(withTarget(target, config), env)).toEqual([]);
});

test('the Jobs in .ci run the suite image', () => {
  const images = JOBS.flatMap(({ spec }) => spec.template.spec.containers.map(({ image }) => image));
  expect(images).toEqual([SUITE_IMAGE, SUITE_IMAGE]);
});
