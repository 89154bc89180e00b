import { expect, test } from 'vitest';
import { parseVersions } from './versions.ts';

const TEXT = `assets:
  hypervisor:
    qemu:
      description: "VMM that uses KVM"
      url: "https://git.example/qemu"
      version: "v6.1.0"
      uscan-opts: "opts=uversionmangle=s/(\\\\d)[_]?\\
        (rc\\\\d*)$/$1~$2/ "
      architecture:
        aarch64:
          version: "v5.1.0"
  kernel:
    url: "https://kernel.example/v5.x/"
    version: "v5.10.25"
`;

test('the kernel and the QEMU that a checkout names', () => {
  expect(parseVersions(TEXT)).toEqual({
    kernel: '5.10.25',
    qemu: { url: 'https://git.example/qemu', revision: 'v6.1.0' },
  });
});

test('guest-components, where the checkout names them', () => {
  const later = `${TEXT}externals:
  coco-guest-components:
    url: "https://git.example/guest-components/"
    version: "304c21f29e26dbbb968783e41109f3b6d630e872"
`;
  expect(parseVersions(later).guestComponents).toEqual({
    url: 'https://git.example/guest-components',
    revision: '304c21f29e26dbbb968783e41109f3b6d630e872',
  });
});

test.for([
  ['version: "v5.10.25"', 'versions.yaml has no assets.kernel.version'],
  ['url: "https://git.example/qemu"', 'versions.yaml has no assets.hypervisor.qemu.url'],
  ['  hypervisor:', 'versions.yaml has no assets.hypervisor.qemu.url'],
])('without %s the error names what is missing', ([line = '', problem = '']) => {
  expect(() => parseVersions(TEXT.replace(line, line.replace(/\w+(?=:)/, 'other')))).toThrow(problem);
});
