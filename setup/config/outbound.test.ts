import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { redactor } from '../../helpers/text/secrets.ts';
import { loadConfig, secretsOf } from './config.ts';
import { outboundOf, withoutProxyFor } from './outbound.ts';
import { findCargo, findGo } from './toolchains.ts';

const LOOPBACK = 'localhost,127.0.0.1,::1';

/** The variables to pass on for a user without HOME, so that only the toolchain directories in `environment` count. */
const outbound = (environment: Readonly<Record<string, string>>): ReturnType<typeof outboundOf> =>
  outboundOf({ HOME: '/nonexistent', ...environment });

describe('proxy variables', () => {
  test('without a proxy, no proxy variable is passed on, not even no_proxy', () => {
    expect(outbound({ no_proxy: 'example', HTTP_PROXY: '' })).toEqual({
      network: {},
      cargo: {},
      go: {},
      docker: {},
      path: [],
    });
  });

  test('proxies are passed on in lower and upper case, and exclude loopback', () => {
    expect(outbound({ HTTPS_PROXY: 'http://p:3128', no_proxy: 'a.example, b.example' }).network).toEqual({
      https_proxy: 'http://p:3128',
      HTTPS_PROXY: 'http://p:3128',
      no_proxy: `a.example,b.example,${LOOPBACK}`,
      NO_PROXY: `a.example,b.example,${LOOPBACK}`,
    });
  });

  test('the lower-case proxy variable takes precedence', () => {
    expect(outbound({ HTTP_PROXY: 'http://upper', http_proxy: 'http://lower' }).network).toMatchObject({
      http_proxy: 'http://lower',
      HTTP_PROXY: 'http://lower',
    });
  });

  test('all_proxy also sets http_proxy and https_proxy, because Go does not read all_proxy', () => {
    const { go } = outbound({ ALL_PROXY: 'socks5://p:1080', https_proxy: 'http://s' });
    expect(go).toMatchObject({ all_proxy: 'socks5://p:1080', HTTP_PROXY: 'socks5://p:1080', HTTPS_PROXY: 'http://s' });
  });

  test('no_proxy=* gets no further entries', () => {
    expect(outbound({ http_proxy: 'http://p', NO_PROXY: '*' }).network['no_proxy']).toBe('*');
  });

  test('kubeadm reaches its cluster without a proxy', () => {
    const { network } = outbound({ http_proxy: 'http://p' });
    expect(withoutProxyFor(['10.0.0.1', '.svc'], network)).toMatchObject({ NO_PROXY: `${LOOPBACK},10.0.0.1,.svc` });
    expect(withoutProxyFor(['10.0.0.1'], {})).toEqual({});
  });
});

test('variables of cargo, Go and Docker are passed only to their programs, and others to no child', () => {
  const environment = {
    CARGO_HOME: '/c',
    RUSTUP_TOOLCHAIN: 'nightly',
    CARGO_REGISTRIES_MIRROR_INDEX: 'sparse+https://mirror/',
    CARGO_TARGET_DIR: '/elsewhere',
    GOPROXY: 'off',
    GOFLAGS: '-mod=mod',
    DOCKER_HOST: 'unix:///run/user/1000/docker.sock',
    TESTCONTAINERS_RYUK_DISABLED: 'true',
    SSL_CERT_FILE: '/ca.pem',
    GITHUB_TOKEN: 'ghp_123456',
    LD_PRELOAD: '/evil.so',
  };
  expect(outbound(environment)).toEqual({
    network: { SSL_CERT_FILE: '/ca.pem' },
    cargo: {
      SSL_CERT_FILE: '/ca.pem',
      CARGO_HOME: '/c',
      RUSTUP_TOOLCHAIN: 'nightly',
      CARGO_REGISTRIES_MIRROR_INDEX: 'sparse+https://mirror/',
    },
    go: { SSL_CERT_FILE: '/ca.pem', GOPROXY: 'off', GOFLAGS: '-mod=mod' },
    docker: { DOCKER_HOST: 'unix:///run/user/1000/docker.sock', TESTCONTAINERS_RYUK_DISABLED: 'true' },
    path: [],
  });
});

test('cargo and go of a user whose HOME is kept (sudo -E) are found in that home', async () => {
  const home = await mkdtemp(join(tmpdir(), 'kata-cc-home-'));
  onTestFinished(() => rm(home, { recursive: true }));
  await mkdir(join(home, '.cargo/bin'), { recursive: true });
  await mkdir(join(home, '.rustup'));
  await writeFile(join(home, '.cargo/bin/cargo'), '', { mode: 0o755 });
  const found = outboundOf({ HOME: home });
  expect(found.cargo).toEqual({ CARGO_HOME: join(home, '.cargo'), RUSTUP_HOME: join(home, '.rustup') });
  expect(await findCargo(found)).toBe(join(home, '.cargo/bin/cargo'));
});

test('cargo and go are found in PATH, except in its relative directories', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-path-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  for (const name of ['cargo', 'go']) await writeFile(join(directory, name), '', { mode: 0o755 });
  const found = outbound({ PATH: `.:bin::${directory}:/usr/bin` });
  expect(found.path).toEqual([directory, '/usr/bin']);
  expect([await findCargo(found), await findGo(found)]).toEqual([join(directory, 'cargo'), join(directory, 'go')]);
});

describe('credentials in variables that are passed on', () => {
  test.for([
    ['http_proxy', 'http://me:s3cret@p:3128', ['me:s3cret', 's3cret', Buffer.from('me:s3cret').toString('base64')]],
    ['HTTPS_PROXY', 'http://me:p%40ss%2fword@p:3128', ['p%40ss%2fword', 'p@ss/word']],
    ['all_proxy', 'me:s3c@ret@p:3128', ['s3c@ret']],
    ['GOPROXY', 'https://tok3n-0123@a.example,https://me:s3cret@b.example|direct', ['tok3n-0123', 's3cret']],
    ['CARGO_HTTP_PROXY', 'socks5h://me:s3cret@p', ['s3cret']],
  ] as const)('secretsOf finds the secrets in the variable %s=%s', ([name, value, secrets]) => {
    const redact = redactor(secretsOf({ [name]: value }));
    for (const secret of [...secrets, value]) {
      const said = redact(`before ${secret} after`);
      expect(said).toContain('******');
      for (const other of secrets) expect(said).not.toContain(other);
    }
  });

  test('a proxy URL without credentials contains no secrets to redact', () => {
    expect(secretsOf({ http_proxy: 'http://proxy.example:3128', no_proxy: 'me@x', PATH: '/a@b' })).toEqual([]);
  });
});

test('loadConfig reads the variables to pass on from the environment', () => {
  expect(loadConfig({ http_proxy: 'http://p' }).outbound.network['http_proxy']).toBe('http://p');
});
