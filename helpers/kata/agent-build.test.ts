import { describe, expect, test } from 'vitest';
import {
  declaredFeatures,
  differingFeatures,
  parseUpstreamBuild,
  printBuild,
  releaseVariables,
  whyNoMusl,
  whyUnknownFeature,
  withLibc,
} from './agent-build.ts';

const MANIFEST = `[package]
name = "kata-agent"

[features]
default = ["seccomp"]
seccomp = ["rustjail/seccomp"]
agent-policy = ["kata-agent-policy"]
init-data = []
`;
const DECLARED = declaredFeatures(MANIFEST);

test('declaredFeatures lists the features of a Cargo.toml except default', () => {
  expect([...DECLARED.keys()]).toEqual(['seccomp', 'agent-policy', 'init-data']);
  expect([...declaredFeatures('[package]\nname = "kata-agent"\n').keys()]).toEqual([]);
});

describe('whyUnknownFeature', () => {
  test('accepts declared features', () => {
    expect(whyUnknownFeature(['init-data', 'seccomp'], DECLARED)).toBeUndefined();
    expect(whyUnknownFeature([], DECLARED)).toBeUndefined();
  });

  test('names an unknown feature and those that are declared', () => {
    expect(whyUnknownFeature(['seccomp', 'initdata'], DECLARED)).toBe(
      'this agent has no feature initdata; its Cargo.toml declares agent-policy, init-data, seccomp; did you mean init-data?',
    );
    expect(whyUnknownFeature(['seccomp'], new Map())).toContain('its Cargo.toml declares no features');
  });
});

test.for([
  ['evaluates policies itself', '["kata-agent-policy"]', ['AGENT_POLICY=yes']],
  ['evaluates policies with regorus', '["regorus"]', ['AGENT_POLICY=yes']],
  ['needs an OPA server', '["http", "openssl", "reqwest"]', []],
] as const)('releaseVariables for an agent that %s', ([_, enables, variables]) => {
  expect(releaseVariables(declaredFeatures(`[features]\nagent-policy = ${enables}\n`))).toEqual(variables);
});

test('releaseVariables sets nothing for an agent without the feature agent-policy', () => {
  expect(releaseVariables(declaredFeatures('[features]\nseccomp = []\n'))).toEqual([]);
});

test.for([
  [
    'kata-cc-build: x86_64-unknown-linux-musl --features seccomp agent-policy init-data\n',
    { triple: 'x86_64-unknown-linux-musl', features: ['seccomp', 'agent-policy', 'init-data'] },
  ],
  ['warning\nkata-cc-build: s390x-unknown-linux-gnu\n', { triple: 's390x-unknown-linux-gnu', features: [] }],
] as const)('parseUpstreamBuild reads %j', ([printed, build]) => {
  expect(parseUpstreamBuild(printed)).toEqual(build);
});

test('parseUpstreamBuild rejects a makefile without a target of rustc', () => {
  expect(() => parseUpstreamBuild('kata-cc-build: --features seccomp\n')).toThrow(
    'does not say how it builds the agent',
  );
  expect(printBuild(['AGENT_POLICY=yes'])).toContain('AGENT_POLICY=yes');
});

test('whyNoMusl names a crate libc that is older than 0.2.146', () => {
  const lock = (version: string): string => `[[package]]\nname = "libc"\nversion = "${version}"\n`;
  expect(whyNoMusl(lock('0.2.101'))).toBe("its crate libc 0.2.101 does not link with the musl of today's Rust");
  expect(whyNoMusl(lock('0.2.146'))).toBeUndefined();
});

test('withLibc replaces the C library of a triple', () => {
  expect(withLibc('aarch64-unknown-linux-musl', 'gnu')).toBe('aarch64-unknown-linux-gnu');
});

test("differingFeatures names what upstream's build has and what it lacks", () => {
  expect(differingFeatures(['devicemapper', 'seccomp'], ['seccomp', 'init-data'])).toEqual([
    'without the feature init-data, with which upstream builds it (KATA_AGENT_FEATURES)',
    'with the feature devicemapper, without which upstream builds it (KATA_AGENT_FEATURES)',
  ]);
});
