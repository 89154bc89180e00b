import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectPath } from '../project.ts';
import { environmentOf, loadConfig, secretsOf } from './config.ts';

test('loadConfig has a default for every setting', () => {
  expect(loadConfig({})).toMatchObject({
    target: 'auto',
    agent: 'auto',
    agentCtl: undefined,
    registryPort: 0,
    kubernetes: 'auto',
    kubernetesBundle: undefined,
    kubernetesImages: undefined,
    kubernetesRepository: 'https://pkgs.k8s.io/core:/stable:/v1.35/deb/',
    debug: false,
  });
});

test.for(['KATA_CACHE_DIR', 'KATA_REPORTS_DIR', 'KATA_HISTORY_DIR'] as const)(
  'loadConfig expands ~ in %s=~/x to the home directory',
  (name) => {
    const { cacheDir, historyDir, reportsDir } = loadConfig({ [name]: '~/x' });
    expect([cacheDir, historyDir, reportsDir]).toContain(join(homedir(), 'x'));
  },
);

test.for([
  ['KATA_TARGET', 'nonsense', 'KATA_TARGET=nonsense: unknown; expected one of auto, local, vm, kata'],
  ['KATA_RUNTIME', 'rust', 'KATA_RUNTIME=rust: unknown; expected one of auto, go, rs'],
  ['KATA_DEVVM_DEBIAN', 'trixie', 'KATA_DEVVM_DEBIAN=trixie: unknown; expected one of auto, 12, 13'],
  ['KATA_REGISTRY_PORT', '70000', 'KATA_REGISTRY_PORT=70000: expected a port number from 0 to 65535'],
  [
    'KATA_AGENT',
    'standin',
    'KATA_AGENT=standin: no such file; expected auto, stand-in, source, or the path of a kata-agent',
  ],
  ['KATA_AGENT', '/nonexistent', 'KATA_AGENT=/nonexistent: no such file'],
  ['KATA_AGENT', '/etc', 'KATA_AGENT=/etc: it is a directory; expected the path of a program'],
  ['KATA_AGENT', '/etc/passwd', 'KATA_AGENT=/etc/passwd: this file is not executable; chmod +x makes it so'],
  ['KATA_CDH', '/etc', 'KATA_CDH=/etc: it is a directory; expected the path of a program'],
  ['KATA_AGENT_CTL', '/etc/passwd', 'KATA_AGENT_CTL=/etc/passwd: this file is not executable; chmod +x makes it so'],
  ['KATA_GENPOLICY', 'yes', 'KATA_GENPOLICY=yes: no such file; expected source, or the path of a genpolicy'],
  ['KATA_PROTOS', '/etc/passwd', 'KATA_PROTOS=/etc/passwd: it is not a directory'],
  ['KATA_TARGET', 'local\r', 'KATA_TARGET="local\\r": unknown; expected one of auto, local, vm, kata; it ends with a'],
  ['KATA_AGENT', '\u001b[31mred', 'KATA_AGENT="\\u001b[31mred": expected a path without line ends and control'],
  ['KATA_AGENT', '/dev/zero', 'KATA_AGENT=/dev/zero: it is not a regular file; expected the path of a program'],
  ['KATA_AGENT_CTL', 'yes', 'KATA_AGENT_CTL=yes: no such file; expected no, source, or the path of a kata-agent-ctl'],
  ['KATA_CDH', 'yes', 'KATA_CDH=yes: no such file; expected source, or the path of a confidential-data-hub'],
  [
    'KATA_CONTAINERD',
    'yes',
    'KATA_CONTAINERD=yes: no such directory; expected distro, source, or the path of a directory',
  ],
  [
    'KATA_CONTAINERD',
    '/usr',
    'KATA_CONTAINERD=/usr: containerd: no such file; expected distro, source, or the path of',
  ],
  ['KATA_CONTAINERD', '/etc/passwd', 'KATA_CONTAINERD=/etc/passwd: it is not a directory; expected distro, source, or'],
  [
    'KATA_CONTAINERD_VERSION',
    'v2..3',
    'KATA_CONTAINERD_VERSION=v2..3: not a valid name of a branch, tag or commit in git',
  ],
  ['KATA_PULL', 'nydusd', 'KATA_PULL=nydusd: unknown; expected one of force, nydus'],
  ['KATA_PULL', 'erofs', "KATA_PULL=erofs: the guest pulls nothing with containerd's erofs snapshotter"],
  [
    'KATA_NYDUS',
    '/usr',
    'KATA_NYDUS=/usr: containerd-nydus-grpc: no such file; expected source, or the path of a directory with containerd-nydus-grpc, nydus-overlayfs',
  ],
  ['KATA_NYDUS', '/etc/passwd', 'KATA_NYDUS=/etc/passwd: it is not a directory; expected source, or the path of'],
  ['KATA_NYDUS_VERSION', 'v0..15', 'KATA_NYDUS_VERSION=v0..15: not a valid name of a branch, tag or commit in git'],
  ['KATA_KBS', 'yes', 'KATA_KBS=yes: no such file; expected source, or the path of a kbs'],
  ['KATA_GUEST_COMPONENTS', '/etc/passwd', 'KATA_GUEST_COMPONENTS=/etc/passwd: it is not a directory'],
  [
    'KATA_GUEST_COMPONENTS',
    '/etc',
    'KATA_GUEST_COMPONENTS=/etc: attestation-agent: no such file; expected programs named attestation-agent and api-server-rest',
  ],
  ['KATA_POLICY', '/etc', 'KATA_POLICY=/etc: it is a directory; expected the path of a policy.json'],
  ['KATA_POLICY', '/dev/zero', 'KATA_POLICY=/dev/zero: it is not a regular file; expected the path of a policy.json'],
  ['KATA_BUNDLE', '/etc/passwd', 'KATA_BUNDLE=/etc/passwd: it is not a directory'],
  ['KATA_KUBERNETES_BUNDLE', '/etc/passwd', 'KATA_KUBERNETES_BUNDLE=/etc/passwd: it is not a directory'],
  ['KATA_KUBERNETES_BUNDLE', '/nonexistent', 'KATA_KUBERNETES_BUNDLE=/nonexistent: no such directory'],
  [
    'KATA_KUBERNETES_BUNDLE',
    '/etc',
    "KATA_KUBERNETES_BUNDLE=/etc: it has neither bin/ nor images/; expected Kubernetes' programs in bin/ and image archives in images/",
  ],
  ['KATA_KERNEL_SOURCE', '/etc/passwd', 'KATA_KERNEL_SOURCE=/etc/passwd: it is neither a directory nor a tar archive'],
  ['KATA_PROTOS', '/', 'KATA_PROTOS=/: too large to be searched for protos; name a Kata checkout'],
  ['KATA_PROTOS', projectPath('helpers'), 'helpers: no directory in it has agent.proto and health.proto'],
  [
    'PULL_IMAGE',
    'not an image!!',
    'PULL_IMAGE=not an image!!: not a name of an image; expected one such as host/name:tag',
  ],
  ['GITHUB_STEP_SUMMARY', '/nope/x', 'GITHUB_STEP_SUMMARY=/nope/x: there is no directory /nope; unset it'],
  ['GITHUB_STEP_SUMMARY', '/etc', 'GITHUB_STEP_SUMMARY=/etc: it is a directory; expected the path of a file'],
  ['KATA_AGENT_FEATURES', 'none,seccomp', '"none" is not a feature; expected names separated by commas, or none or'],
  ['KATA_MUTE', 'A,B', 'KATA_MUTE=A,B: it takes one method or field'],
  ['KATA_MUTE', 'PauseContainer\r', 'KATA_MUTE="PauseContainer\\r": expected a method, such as PauseContainer'],
  ['KATA_AGENT', ' ', 'KATA_AGENT= : the path is blank; set a path, or unset the variable'],
  ['KATA_CACHE_DIR', ' ', 'KATA_CACHE_DIR= : the path is blank; set a path, or unset the variable'],
  ['KATA_CACHE_DIR', '/a:b', 'KATA_CACHE_DIR=/a:b: expected a path without a colon'],
  ['KATA_CACHE_DIR', '/a\nb', 'expected a path without line ends and control characters, not "/a\\nb"'],
  ['KATA_CACHE_DIR', '/etc/passwd', 'KATA_CACHE_DIR=/etc/passwd: /etc/passwd is not a directory'],
  ['KATA_REPORTS_DIR', '/etc/passwd/x', 'KATA_REPORTS_DIR=/etc/passwd/x: /etc/passwd is not a directory'],
  ['KATA_HISTORY_DIR', '/etc/passwd', 'KATA_HISTORY_DIR=/etc/passwd: /etc/passwd is not a directory'],
  [
    'CONTAINER_ID',
    '-x',
    'CONTAINER_ID=-x: the agent accepts two or more characters of a-z, A-Z, 0-9, _, . and -, starting with a letter or digit',
  ],
  ['KUBERNETES', 'maybe so', 'KUBERNETES=maybe so: unknown; expected one of auto, yes, no'],
  ['SOURCE_CREDS', 'hunter2', 'SOURCE_CREDS: expected user:password'],
  ['SOURCE_CREDS', 'user:', 'SOURCE_CREDS: expected user:password'],
  ['SOURCE_CREDS', ':password', 'SOURCE_CREDS: expected user:password'],
  ['KATA_HYPERVISOR', 'cloud-hypervisor', 'KATA_HYPERVISOR=cloud-hypervisor: unknown; expected one of qemu, clh'],
  [
    'KATA_HYPERVISOR',
    'dragonball',
    'KATA_HYPERVISOR=dragonball: Dragonball is a part of runtime-rs, which this project builds without it',
  ],
  ['tests_repo', 'github.com/you/tests', 'tests_repo=github.com/you/tests: no repository of tests is used'],
  ['tests_branch', 'CCv0', 'tests_branch=CCv0: no repository of tests is used'],
  ['KATA_TEMPLATE', 'never', 'KATA_TEMPLATE=never: expected yes or no'],
  ['KATA_COVERAGE_GATE', 'perhaps', 'KATA_COVERAGE_GATE=perhaps: expected yes or no'],
  ['KATA_POLICY', '/etc/passwd', 'KATA_POLICY=/etc/passwd: it is not JSON ('],
  ['KATA_POLICY', projectPath('package.json'), 'name: unknown key; a policy has only default and transports'],
  [
    'KATA_MUTANT',
    'policy-never-raed',
    'KATA_MUTANT=policy-never-raed: no such mutant; did you mean policy-never-read?',
  ],
])('loadConfig rejects %s=%j in one line', ([name, value, line]) => {
  expect(() => loadConfig({ [name ?? '']: value })).toThrow(line ?? '');
});

test.for([
  ['/', '/kata-cc'],
  ['/root', '/root/kata-cc'],
  [homedir(), join(homedir(), 'kata-cc')],
  ['/etc/', '/etc/kata-cc'],
  ['/usr/lib', '/usr/lib/kata-cc'],
  ['/var/tmp', '/var/tmp/kata-cc'],
  [projectPath('.'), projectPath('kata-cc')],
] as const)('loadConfig rejects the shared directory %s as a cache and suggests %s', ([directory, own]) => {
  expect(() => loadConfig({ KATA_CACHE_DIR: directory })).toThrow(`set a directory of its own, such as ${own}`);
  for (const name of ['KATA_REPORTS_DIR', 'KATA_HISTORY_DIR'])
    expect(() => loadConfig({ [name]: directory })).toThrow(/^KATA_\w+=.*: .*set a directory of its own, such as/);
});

test.for(['/var/cache/kata-cc', '/tmp/reports', '/cache', projectPath('reports/out'), '/home/you/cache'])(
  'loadConfig accepts %s as a directory of its own',
  (directory) => {
    expect(loadConfig({ KATA_CACHE_DIR: directory, KATA_REPORTS_DIR: directory }).cacheDir).toBe(directory);
  },
);

test('loadConfig shortens a long value in its error, and does not repeat it', () => {
  const shown = `/${'x'.repeat(199)}… (5001 characters)`;
  expect(() => loadConfig({ KATA_AGENT: `/${'x'.repeat(5000)}` })).toThrow(
    new RegExp(`^KATA_AGENT=${shown.replace(/[()]/g, '\\$&')}: ENAMETOOLONG: name too long$`),
  );
});

test('loadConfig names the byte order mark of an image policy', async ({ onTestFinished }) => {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-config-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = join(directory, 'policy.json');
  await writeFile(file, '\ufeff{}');
  expect(() => loadConfig({ KATA_POLICY: file })).toThrow(/: it begins with a byte order mark \(BOM\)/);
});

test.for([
  ['KATA_HYPERVISOR', 'qemu'],
  ['PULL_IMAGE', 'registry.example:5000/a/b_c:v1.2@sha256:0123456789abcdef'],
  ['PULL_IMAGE', '[::1]:5000/a'],
  ['KATA_MUTE', 'grpc.AgentService/PauseContainer.container_id'],
  ['KATA_MUTE', '/tmp/kata-cc-mutes/mutes.json'],
  ['GITHUB_STEP_SUMMARY', '/dev/null'],
  ['GITHUB_STEP_SUMMARY', '/tmp/new-summary'],
  ['SOURCE_CREDS', '_json_key:{\n  "type": "service_account"\n}\n'],
  ['SOURCE_CREDS', 'user: '],
  ['SOURCE_CREDS', 'user:a:b'],
])('loadConfig accepts %s=%j', ([name = '', value]) => {
  expect(() => loadConfig({ [name]: value })).not.toThrow();
});

test.for([
  ['yes', true],
  ['1', true],
  ['TRUE', true],
  ['-d', true],
  ['*', true],
  ['kata-cc', true],
  ['vitest:*,kata-*', true],
  ['no', false],
  ['0', false],
  ['', false],
  ['pw:api', false],
  ['express:*', false],
  ['*,-kata-cc', false],
  ['a value (of another tool)', false],
] as const)('DEBUG=%s makes set-up show its commands: %s', ([value, shown]) => {
  expect(loadConfig({ DEBUG: value }).debug).toBe(shown);
});

test.for([
  ['true', true],
  ['woodpecker', true],
  ['false', false],
] as const)('CI=%s selects plain progress lines: %s', ([value, ci]) => {
  expect(loadConfig({ CI: value }).ci).toBe(ci);
});

test('the configuration is reported in shell syntax: non-default settings that affect tests, without secrets', () => {
  const environment = {
    SOURCE_CREDS: 'a:secret',
    KATA_REPORTS_DIR: '/x',
    KATA_POLICY: '/my policy.json',
    DEBUG: 'yes',
  };
  expect(environmentOf({ target: 'local', agent: 'stand-in' }, environment)).toBe(
    "KATA_TARGET=local KATA_AGENT=stand-in KATA_POLICY='/my policy.json'",
  );
});

test('secretsOf recognises secrets in an environment by the name of the variable', () => {
  const environment = {
    GITHUB_TOKEN: 'ghp_123456',
    MY_API_KEY: 'abcdefg',
    GIT_AUTHOR_NAME: 'alice',
    HAS_TOKEN: 'yes',
  };
  expect(secretsOf({ ...environment, SOURCE_CREDS: 'a:b' })).toEqual(['ghp_123456', 'abcdefg', 'a:b']);
});
