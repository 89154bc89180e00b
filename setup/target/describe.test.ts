import { expect, test } from 'vitest';
import { cdhMutation } from '../../helpers/contract/cdh-mutant.ts';
import { MUTANTS } from '../mutants/catalogue.ts';
import {
  banner,
  componentsNote,
  isolationNote,
  kataBanner,
  mutantNote,
  registryNote,
  reusePortNote,
} from './describe.ts';

const PATH = '/kata-agent';
const AGENT = {
  kind: 'kata-agent',
  path: PATH,
  version: '4.1.0',
  commit: '7c6ba40c54e1',
  generation: 'guest-pull',
} as const;
const KATA = { agent: AGENT, kernelRelease: '6.1.0', rootfs: 'own' } as const;

test('the banner says that the stand-in is not Kata', () => {
  expect(banner({ kind: 'stand-in', path: PATH, version: '1', generation: 'skopeo' })).toBe(
    'target local: the stand-in agent answered, not Kata, in namespaces of this machine, not in a virtual machine. Green means the suites work; it proves nothing about Kata.',
  );
});

test('the banner says that guests are booted instead of cloned, and why', () => {
  const machine = { acceleration: 'KVM', kernel: { kind: 'distro', image: '/k', release: '6.1.0' } } as const;
  const cloned = { ...machine, template: { memory: '/m', state: '/s' } };
  const booted = { ...machine, template: 'a guest could not be saved and continued: it said nothing\nof all' };
  expect(banner(AGENT, cloned)).toContain('with kernel 6.1.0 (KVM).');
  expect(banner(AGENT, booted)).toContain(
    'with kernel 6.1.0 (KVM; guests are booted, not cloned: a guest could not be saved and continued: it said nothing).',
  );
});

test('the banner names the programs beside the agent with their versions or sources', () => {
  expect(componentsNote([])).toBe('');
  const given = { name: 'attestation-agent', version: 'v0.21.0-304c21f2' };
  const older = { name: 'confidential-data-hub' };
  const built = {
    name: 'kbs',
    source: 'github.com/x/trustee at v1',
    toolchain: 'Rust 1.93.0',
    features: ['coco-as-builtin'],
  };
  expect(componentsNote([older, given, built])).toBe(
    ' Beside the agent: confidential-data-hub, attestation-agent v0.21.0-304c21f2, kbs built from github.com/x/trustee at v1 (Rust 1.93.0; features coco-as-builtin).',
  );
});

test('the banner of target kata names unusual components', () => {
  expect(kataBanner(KATA)).toBe(
    "target kata: Kata's shim (Go) answered, with kata-agent 4.1.0 (commit 7c6ba40c54) in virtual machines with kernel 6.1.0.",
  );
  const qemu = { version: 'QEMU emulator version 7.2.0', source: 'here', changes: [] };
  expect(kataBanner({ ...KATA, rootfs: 'osbuilder', qemu, cdh: true }, 'force')).toBe(
    "target kata: Kata's shim (Go) answered, with kata-agent 4.1.0 (commit 7c6ba40c54) in virtual machines with kernel 6.1.0, upstream's root file system, QEMU emulator version 7.2.0; every image is pulled in its guest, by force_guest_pull of the runtime.",
  );
  expect(kataBanner(KATA, 'nydus')).toMatch(
    /; every image is pulled in its guest, by nydus-snapshotter in proxy mode\.$/,
  );
});

test('the banner names the fault that a run has', () => {
  const [mutant] = MUTANTS;
  expect(mutantNote(mutant)).toContain('KATA_MUTANT=policy-never-read): the policy is logged but never applied');
  const proxied = mutantNote({ name: 'cdh-rejects-all', mutation: cdhMutation('cdh-rejects-all') });
  expect(proxied).toContain('a ttrpc server of this project answers the agent in place of the CDH');
  expect(proxied).toContain('the CDH fails every pull');
  expect(mutantNote(undefined)).toBe('');
});

test('registryNote says that registries run as processes instead of in Docker, and why', () => {
  expect(registryNote({})).toBe('');
  expect(registryNote({ notInDocker: 'no Docker engine answers at unix:///d.sock: refused' })).toBe(
    ' Its registries run as processes, not in Docker: no Docker engine answers at unix:///d.sock: refused.',
  );
});

test('reusePortNote says that a BPF program allows SO_REUSEPORT, and for which ttrpc crate', () => {
  expect(reusePortNote(undefined)).toBe('');
  expect(reusePortNote({ ttrpc: '0.7.1' })).toBe(
    ' The agent is unchanged, but its ttrpc crate 0.7.1 insists on SO_REUSEPORT: where the kernel refuses that for vsock and unix sockets, a BPF program in the guest allows it.',
  );
});

test('the banner says that builds of sources were not isolated', () => {
  const repository = { kind: 'local', path: '/kata' } as const;
  const snapshot = { repository, revision: 'main', id: 'f'.repeat(40), uncommitted: 0 };
  const source = { snapshot, name: 'kata', cargo: { path: '/cargo', version: '1', env: {} } };
  expect(isolationNote({ buildIsolation: false, source })).toBe(' Builds were not isolated (KATA_BUILD_ISOLATION=no).');
  expect(isolationNote({ buildIsolation: true, source })).toBe('');
  expect(isolationNote({ buildIsolation: false })).toBe('');
});
