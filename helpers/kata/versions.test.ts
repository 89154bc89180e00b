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

test('parseVersions reads the kernel and QEMU from versions.yaml', () => {
  expect(parseVersions(TEXT, 'kata')).toEqual({
    kernel: '5.10.25',
    qemu: { url: 'https://git.example/qemu', revision: 'v6.1.0' },
  });
});

test('parseVersions reads guest-components and trustee from the versions.yaml of a later checkout', () => {
  const later = `${TEXT}externals:
  coco-guest-components:
    url: "https://git.example/guest-components/"
    version: "304c21f29e26dbbb968783e41109f3b6d630e872"
  coco-trustee:
    url: "https://git.example/trustee"
    version: "258ea4acb7b9bd865fce5c63a539f2120dba8298"
    toolchain: "1.90.0"
`;
  expect(parseVersions(later, 'kata')).toMatchObject({
    guestComponents: {
      url: 'https://git.example/guest-components',
      revision: '304c21f29e26dbbb968783e41109f3b6d630e872',
    },
    trustee: { url: 'https://git.example/trustee', revision: '258ea4acb7b9bd865fce5c63a539f2120dba8298' },
  });
});

test.for([
  ['version: "v5.10.25"', 'versions.yaml of kata has no assets.kernel.version'],
  ['url: "https://git.example/qemu"', 'versions.yaml of kata has no assets.hypervisor.qemu.url'],
  ['  hypervisor:', 'versions.yaml of kata has no assets.hypervisor.qemu.url'],
])('versions.yaml without %s is rejected by an error that names the entry', ([line = '', problem = '']) => {
  expect(() => parseVersions(TEXT.replace(line, line.replace(/\w+(?=:)/, 'other')), 'kata')).toThrow(problem);
});

test('versions.yaml with a quoted string continued without more indentation is accepted, as in Kata 2.5.0 to 2.5.2', () => {
  const continued = `${TEXT}    sev:
      url: "https://git.example/\\
      linux/archive/refs/tags/"
`;
  expect(parseVersions(continued, 'kata').kernel).toBe('5.10.25');
});

test.for([
  ['5.10', '5.10'],
  ['v6.0', '6.0'],
  ['0x10', '0x10'],
])('an unquoted version %s in versions.yaml is read as the text %s', ([written = '', read = '']) => {
  expect(parseVersions(TEXT.replace('"v5.10.25"', written), 'kata').kernel).toBe(read);
});

test('parseVersions takes the last value of a duplicate key in versions.yaml, as yq does', () => {
  expect(parseVersions(`${TEXT}    version: "v5.19.2"\n`, 'kata').kernel).toBe('5.19.2');
});

test('versions.yaml with Windows line ends and a byte order mark is accepted', () => {
  const text = '\uFEFFassets:\r\n  kernel: {version: v1}\r\n  hypervisor: {qemu: {url: u, version: w}}\r\n';
  expect(parseVersions(text, 'kata').kernel).toBe('1');
});

test.for([
  ['\t- a', /^versions.yaml of kata is not valid YAML at line \d+, column \d+: /],
  ['<<<<<<< HEAD', /^versions.yaml of kata is not valid YAML at line \d+, column \d+: /],
  ['other: *nowhere', /^versions.yaml of kata is not valid YAML at line \d+, column \d+: unidentified alias "nowhere"/],
] as const)('versions.yaml with the line %j is rejected by an error that names file and place', ([line, problem]) => {
  expect(() => parseVersions(`${TEXT}${line}\n`, 'kata')).toThrow(problem);
});
