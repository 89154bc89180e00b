import { describe, expect, test } from 'vitest';
import { acceptsUnsigned, parseContainersPolicy } from './containers-policy.ts';

const ACCEPT = [{ type: 'insecureAcceptAnything' }];
const REJECT = [{ type: 'reject' }];
const SIGNED = [{ type: 'signedBy', keyType: 'GPGKeys', keyPath: '/etc/pki/rpm-gpg/RPM-GPG-KEY-redhat-release' }];

/** Image policies as distributions install them. */
const DEBIAN = { default: ACCEPT, transports: { 'docker-daemon': { '': ACCEPT } } };
const FEDORA = {
  default: ACCEPT,
  transports: {
    docker: {
      'registry.access.redhat.com': [
        { type: 'signedBy', keyType: 'GPGKeys', keyPaths: ['/etc/pki/rpm-gpg/a', '/etc/pki/rpm-gpg/b'] },
      ],
      'registry.redhat.io': SIGNED,
    },
    'docker-daemon': { '': ACCEPT },
  },
};

describe('valid image policies', () => {
  test.for([
    ['of Debian', DEBIAN],
    ['of Fedora', FEDORA],
    ['that rejects everything', { default: REJECT }],
    ['with sigstore signatures', { default: [{ type: 'sigstoreSigned', keyPath: '/k.pub' }] }],
    ['with an inline key', { default: [{ type: 'signedBy', keyType: 'GPGKeys', keyData: 'bWlu' }] }],
    ['with two requirements', { default: [...SIGNED, ...SIGNED], transports: {} }],
  ])('parseContainersPolicy accepts a policy %s', ([, policy]) => {
    expect(parseContainersPolicy(JSON.stringify(policy))).toEqual(policy);
  });
});

describe('invalid image policies', () => {
  test.for<[string, unknown, string]>([
    ['an empty text', '', 'it is not JSON ('],
    ['TOML', '[default]', 'it is not JSON ('],
    ['a list', '[]', 'the policy: expected a JSON object, see containers-policy.json(5)'],
    ['null', 'null', 'the policy: expected a JSON object'],
    ['no default', { transports: {} }, 'default is missing'],
    [
      'another key',
      { default: ACCEPT, defaultx: [] },
      'defaultx: unknown key; a policy has only default and transports',
    ],
    ['an empty default', { default: [] }, 'default: expected a list of at least one requirement'],
    ['a default that is no list', { default: 'reject' }, 'default: expected a list of at least one requirement'],
    ['a requirement that is a word', { default: ['reject'] }, 'default[0]: expected a JSON object'],
    [
      'an unknown type',
      { default: [{ type: 'accept' }] },
      'default[0]: type "accept" is unknown; expected one of insecureAccept',
    ],
    ['no type', { default: [{}] }, 'default[0]: type undefined is unknown'],
    ['transports as a list', { default: ACCEPT, transports: [] }, 'transports: expected a JSON object'],
    [
      'a scope without requirements',
      { default: ACCEPT, transports: { docker: { 'quay.io': [] } } },
      'transports.docker."quay.io": expected a list of at least one requirement',
    ],
    [
      'a signedBy requirement without a key',
      { default: ACCEPT, transports: { docker: { 'quay.io': [{ type: 'signedBy', keyType: 'GPGKeys' }] } } },
      'transports.docker."quay.io"[0]: expected one of keyPath, keyPaths, keyData',
    ],
    [
      'a signedBy requirement with another key type',
      { default: [{ type: 'signedBy', keyType: 'X509Certificates', keyPath: '/k' }] },
      'default[0]: keyType "X509Certificates" is not supported, only "GPGKeys" is',
    ],
  ])('parseContainersPolicy rejects %s and names the place', ([, policy, line]) => {
    const text = typeof policy === 'string' ? policy : JSON.stringify(policy);
    expect(() => parseContainersPolicy(text)).toThrow(line);
  });
});

describe('the most specific scope of an image policy', () => {
  const scopes = (docker: Record<string, readonly { type: string }[]>, otherwise = ACCEPT) => ({
    default: otherwise,
    transports: { docker },
  });
  test.for<[string, Parameters<typeof acceptsUnsigned>[0], string, boolean]>([
    ['the default accepts', DEBIAN, 'docker.io/library/busybox:latest', true],
    ['the default rejects', { default: REJECT }, 'docker.io/library/busybox:latest', false],
    ['a signature is required', { default: SIGNED }, 'docker.io/library/busybox:latest', false],
    ['both are required', { default: [...ACCEPT, ...SIGNED] }, 'docker.io/library/busybox:latest', false],
    ['another registry is protected', FEDORA, 'quay.io/a/b:c', true],
    ['the registry is protected', FEDORA, 'registry.redhat.io/ubi9/ubi:latest', false],
    ['the transport rejects', scopes({ '': REJECT }), 'docker.io/library/busybox:latest', false],
    [
      'the namespace accepts',
      scopes({ 'docker.io/library': ACCEPT, '': REJECT }),
      'docker.io/library/busybox:latest',
      true,
    ],
    [
      'a namespace that only begins alike',
      scopes({ 'docker.io/lib': ACCEPT, '': REJECT }),
      'docker.io/library/b:1',
      false,
    ],
    ['the repository accepts', scopes({ 'docker.io/a/b': ACCEPT }, REJECT), 'docker.io/a/b:tag', true],
    ['the tag accepts', scopes({ 'docker.io/a/b:tag': ACCEPT }, REJECT), 'docker.io/a/b:tag', true],
    ['another tag accepts', scopes({ 'docker.io/a/b:tag': ACCEPT }, REJECT), 'docker.io/a/b:other', false],
    ['a digest of the repository', scopes({ 'docker.io/a/b': ACCEPT }, REJECT), 'docker.io/a/b@sha256:00', true],
    [
      'a registry with a port',
      scopes({ '127.0.0.1:5001': ACCEPT }, REJECT),
      '127.0.0.1:5001/private/busybox:latest',
      true,
    ],
    ['a domain’s wildcard', scopes({ '*.example.com': ACCEPT }, REJECT), 'registry.example.com/a:b', true],
    [
      'the scope of another transport',
      { default: ACCEPT, transports: { atomic: { '': REJECT } } },
      'docker.io/a:b',
      true,
    ],
  ])(
    'acceptsUnsigned decides whether an image policy accepts an unsigned image: %s',
    ([, policy, reference, accepted]) => {
      expect(acceptsUnsigned(policy, reference)).toBe(accepted);
    },
  );
});
