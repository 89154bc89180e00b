import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseUpstreamBuild, printBuild } from '../../../helpers/kata/agent-build.ts';
import { run } from '../../../helpers/process/exec.ts';
import { writeTree } from '../source/upstream-builds.example.ts';
import { chosenBuild } from './compile-agent.ts';

const UPSTREAM = { features: ['seccomp', 'agent-policy'], triple: 'x86_64-unknown-linux-musl' };

test.for([
  ["upstream's", {}, UPSTREAM],
  ['no features', { agentFeatures: [] }, { ...UPSTREAM, features: [] }],
  ['glibc', { agentLibc: 'gnu' }, { ...UPSTREAM, triple: 'x86_64-unknown-linux-gnu' }],
  [
    'glibc for devicemapper, as its makefile',
    { agentFeatures: ['devicemapper'] },
    { features: ['devicemapper'], triple: 'x86_64-unknown-linux-gnu' },
  ],
] as const)("the agent's build is %s with the settings %j", ([_, settings, expected]) => {
  expect(chosenBuild({ agentFeatures: undefined, agentLibc: 'upstream', ...settings }, UPSTREAM)).toEqual(expected);
});

test('the agent is built with glibc if its lock file keeps it from musl, unless the user wants musl', () => {
  const settings = { agentFeatures: undefined } as const;
  const glibc = { ...UPSTREAM, triple: 'x86_64-unknown-linux-gnu' };
  expect(chosenBuild({ ...settings, agentLibc: 'upstream' }, UPSTREAM, 'too old')).toEqual(glibc);
  expect(chosenBuild({ ...settings, agentLibc: 'musl' }, UPSTREAM, 'too old')).toEqual(UPSTREAM);
});

test("make prints the features and the target of a makefile with upstream's variables", async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-makefile-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeTree(directory, {
    Makefile: `EXTRA_RUSTFEATURES :=
SECCOMP ?= yes
ifeq ($(SECCOMP),yes)
    override EXTRA_RUSTFEATURES += seccomp
endif
AGENT_POLICY ?= no
ifeq ($(AGENT_POLICY),yes)
    override EXTRA_RUSTFEATURES += agent-policy
endif
TRIPLE = x86_64-unknown-linux-musl
ifneq ($(EXTRA_RUSTFEATURES),)
    override EXTRA_RUSTFEATURES := --features "$(EXTRA_RUSTFEATURES)"
endif
default: ; false
`,
  });
  const printed = async (...variables: string[]): Promise<string> =>
    (await run(['make', '-C', directory, ...printBuild(variables)])).stdout;
  expect(parseUpstreamBuild(await printed('AGENT_POLICY=yes'))).toEqual(UPSTREAM);
  expect(parseUpstreamBuild(await printed())).toEqual({ ...UPSTREAM, features: ['seccomp'] });
});
