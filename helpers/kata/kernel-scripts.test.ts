import { expect, test } from 'vitest';
import { buildKernelCommand, kernelVersion, missingOptions, patchesFor } from './kernel-scripts.ts';

test('kernelVersion reads the version from a kernel’s Makefile, and rejects other Makefiles', () => {
  const makefile = '# SPDX-License-Identifier: GPL-2.0\nVERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 176\nEXTRAVERSION =\n';
  expect(kernelVersion(makefile)).toBe('6.1.176');
  expect(() => kernelVersion('all:\n\techo\n')).toThrow('its Makefile is not a kernel’s');
});

test.for([
  ['6.1.176', '6.1.x'],
  ['5.10.25', '5.10.x'],
  ['6.18', '6.18.x'],
])("patchesFor kernel %s returns upstream's directory %s", ([version = '', directory]) =>
  expect(patchesFor(version)).toBe(directory),
);

test('missingOptions lists the options that build-kernel.sh reports as missing in .config, each once', () => {
  const said = `INFO: Some CONFIG elements failed to make the final .config:
INFO: Value requested for CONFIG_MEMCG_SWAP not in final .config
Value requested for CONFIG_ND_BLK not in final .config
Value requested for CONFIG_ND_BLK not in final .config
ERROR: Failed to construct requested .config file
`;
  expect(missingOptions(said)).toEqual(['CONFIG_MEMCG_SWAP', 'CONFIG_ND_BLK']);
  expect(missingOptions('curl: (6) Could not resolve host')).toEqual([]);
});

// In later generations of Kata, build-kernel.sh -f removes the kernel tree.
test('buildKernelCommand always passes the version, and never -f', () => {
  expect(buildKernelCommand('/kata', 'setup', { version: '6.1.52', tree: '/build/kernel' })).toEqual([
    ...['nice', 'bash', '/kata/tools/packaging/kernel/build-kernel.sh', '-a', 'x86_64', '-t', 'kvm'],
    ...['-v', '6.1.52', '-k', '/build/kernel', 'setup'],
  ]);
});
