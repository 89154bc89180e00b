import { expect, test } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { withTarget } from '../config/validated.ts';
import { plan } from '../plan.ts';
import { versionOfBuild } from './containerd-programs.ts';

const VERSION_GO = 'var (\n\tName = "containerd"\n\tVersion = "2.4.0-beta+unknown"\n)\n';
const ID = '301026e58c619e63d09c0ec411012e54c0124b03';

test.for([
  ['v2.3.4', 'v2.3.4'],
  ['v2.3.0-rc.1', 'v2.3.0-rc.1'],
  ['main', '2.4.0-beta+301026e58c'],
  ['release/2.3', '2.4.0-beta+301026e58c'],
  [ID, '2.4.0-beta+301026e58c'],
])('a containerd built from %s says that it is %s', ([revision = '', version]) => {
  expect(versionOfBuild(VERSION_GO, { id: ID, revision })).toBe(version);
});

test.for([
  ['local', {}, undefined],
  ['local', { KATA_CONTAINERD: 'source' }, 'artefact'],
  ['kata', { KATA_CONTAINERD: 'source' }, 'artefact'],
  ['kata', { KATA_CONTAINERD: 'source', KATA_BUNDLE: '/tmp' }, undefined],
  ['vm', { KATA_CONTAINERD: 'source' }, undefined],
] as const)('the plan of target %s with %j has containerd’s programs as: %s', ([target, environment, kind]) => {
  const steps = plan(withTarget(target, loadConfig({ KATA_AGENT: 'stand-in', ...environment })));
  expect(steps.find(({ id }) => id === 'containerd-programs')?.kind).toBe(kind);
});
