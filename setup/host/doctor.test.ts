import { expect, test } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { withTarget } from '../config/validated.ts';
import { diagnose, obstacles } from './doctor.ts';
import { exampleHost } from './example-host.ts';
import type { Host } from './probe.ts';

const HOST = exampleHost();

const config = withTarget('local', loadConfig({}));
const problems = (host: Partial<Host>): readonly string[] => obstacles(diagnose(config, { ...HOST, ...host }));

test('the doctor finds no obstacle on a suitable machine', () => {
  expect(problems({})).toEqual([]);
});

test.for<[Partial<Host>, string]>([
  [{ root: false }, 'not root'],
  [{ nodeVersion: '20.18.3' }, 'Node.js 20.18.3 is too old'],
  [{ memoryMib: 512 }, '512 MiB of memory'],
  [{ cacheFreeMib: 10 }, 'disk full: 10 MiB free'],
  [{ features: { ...HOST.features, overlay: false } }, 'the kernel offers no overlay'],
  [{ distribution: 'fedora' }, 'skopeo is missing; install the package skopeo'],
])('the doctor reports for a machine with %j: %s', ([host, problem]) => {
  expect(problems(host).join('\n')).toContain(problem);
});

test('the doctor reports missing devices for target kata, and suggests the dev VM', () => {
  const kata = (features: Partial<Host['features']>): readonly string[] =>
    obstacles(
      diagnose(withTarget('kata', loadConfig({})), {
        ...HOST,
        memoryMib: 16_384,
        cacheFreeMib: 40_000,
        features: { ...HOST.features, ...features },
      }),
    );
  expect(kata({ kvm: true, 'vhost-vsock': true })).toEqual([]);
  expect(kata({ kvm: true, 'vhost-vsock': false })).toEqual([
    'KATA_TARGET=kata: there is no /dev/vhost-vsock; `pnpm devvm test` runs it in a dev VM that has them',
  ]);
});
