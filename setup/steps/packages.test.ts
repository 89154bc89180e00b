import { expect, test } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { TOOLS } from '../config/pins.ts';
import { withTarget } from '../config/validated.ts';
import { exampleHost } from '../host/example-host.ts';
import { missingPackages } from './packages.ts';

const HOST = exampleHost();

test('set-up installs the packages of missing programs', () => {
  expect(missingPackages(withTarget('local', loadConfig({})), HOST)).toContain('skopeo');
});

test('set-up installs a missing library if all programs are installed', () => {
  const building = withTarget('vm', loadConfig({ KATA_KERNEL: 'build' }));
  const tools = Object.fromEntries(Object.keys(TOOLS).map((tool) => [tool, `/usr/bin/${tool}`]));
  expect(missingPackages(building, { ...HOST, tools, libraries: ['libssl-dev', 'libc6-dev'] })).toEqual(['libelf-dev']);
});
