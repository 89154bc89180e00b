import { expect, test } from 'vitest';
import { onKata } from './describe.ts';

const AGENT = { kind: 'kata-agent', path: '/kata-agent', version: '4.1.0', generation: 'guest-pull' } as const;
const KATA = {
  cluster: undefined,
  guestComponents: false,
  guestPull: undefined,
  hypervisor: 'qemu',
  kataCtl: false,
  kbs: false,
  measured: false,
  processors: 2,
  pullImage: false,
  runtime: 'go',
} as const;

test.for([
  ['the Go runtime on two processors', {}, true, true],
  ['the Go runtime on one processor', { processors: 1 }, true, /^this machine has one processor/],
  ['the Go runtime, whose guests pull', { guestPull: 'force' }, /^KATA_CDH: .*static/, /^KATA_CDH: .*static/],
  ['runtime-rs', { runtime: 'rs' }, /^KATA_RUNTIME=rs: .*static/, /^KATA_RUNTIME=rs: .*static/],
] as const)('memory-hotplug and vcpu-hotplug with %s say whether its guests grow', ([, differing, memory, vcpus]) => {
  const capabilities = onKata(AGENT, { ...KATA, ...differing });
  const matching = (expected: true | RegExp) => (expected === true ? true : expect.stringMatching(expected));
  expect(capabilities).toMatchObject({ 'memory-hotplug': matching(memory), 'vcpu-hotplug': matching(vcpus) });
});
