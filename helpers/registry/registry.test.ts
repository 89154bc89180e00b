import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildImage } from '../oci/image.ts';
import { buildLayer } from '../oci/layer.ts';
import { writeLayout } from '../oci/layout.ts';
import { push } from '../oci/skopeo.ts';
import { type Environment, run } from '../process/exec.ts';
import { startRegistryContainer } from './container.ts';
import { randomCredentials, sourceCreds, writeHtpasswd } from './credentials.ts';
import { engineAddress, whyNoEngine } from './engine.ts';
import { listeningAddress } from './listening.ts';
import { registryConfig, startRegistryProcess } from './process.ts';
import { openRegistryProxy } from './proxy.ts';
import type { RegistryOptions } from './registry.ts';

const hasTools = await run(['sh', '-c', 'command -v docker-registry skopeo htpasswd']).then(
  () => true,
  () => false,
);
const engine: Environment = Object.fromEntries(
  // biome-ignore lint/style/noProcessEnv: Docker's variables tell where the developer's Docker engine is
  Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && /^(DOCKER|TESTCONTAINERS)_/.test(name) ? [[name, value]] : [],
  ),
);
const noDocker = await whyNoEngine(engineAddress(engine), engine, { timeoutMs: 5_000 });
const RUNNERS = [
  {
    name: 'a child process',
    start: startRegistryProcess,
    skip: hasTools ? undefined : 'docker-registry, skopeo or htpasswd is missing',
  },
  {
    name: 'a Docker container',
    start: (options: RegistryOptions) => startRegistryContainer({ ...options, engine }),
    skip: noDocker,
  },
];

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kata-cc-registry-'));
  await mkdir(join(dir, 'storage'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe.for(RUNNERS)('a registry in $name', ({ skip, start }) => {
  const image = async (): Promise<string> => {
    const layer = await buildLayer([{ path: 'file', type: 'file', mode: 0o644, content: Buffer.from('x') }]);
    const built = buildImage([layer], { Cmd: ['true'], Env: [] });
    await writeLayout(join(dir, 'layout'), new Map([['image', built]]));
    return built.manifest.digest;
  };

  test('a registry serves a pushed image under its digest, also after a restart on the same storage', async (context) => {
    if (skip !== undefined) context.skip(skip);
    const digest = await image();
    const storage = join(dir, 'storage');
    {
      await using registry = await start({ dir, storage });
      await push(join(dir, 'layout'), 'image', { to: `${registry.address}/a/b:tag` });
    }
    await using again = await start({ dir, storage });
    const answer = await fetch(`http://${again.address}/v2/a/b/manifests/tag`, {
      headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
    });
    expect(answer.headers.get('docker-content-digest')).toBe(digest);
  });

  test('a registry with an htpasswd file answers 401 without the password, and 200 with it', async (context) => {
    if (skip !== undefined) context.skip(skip);
    const credentials = randomCredentials();
    const htpasswd = join(dir, 'htpasswd');
    await writeHtpasswd(htpasswd, credentials);
    await using registry = await start({ dir, storage: join(dir, 'storage'), htpasswd });
    const get = async (authorization?: string): Promise<number> => {
      const headers =
        authorization === undefined ? {} : { authorization: `Basic ${Buffer.from(authorization).toString('base64')}` };
      return (await fetch(`http://${registry.address}/v2/`, { headers })).status;
    };
    expect(await get()).toBe(401);
    expect(await get(`${sourceCreds(credentials)}x`)).toBe(401);
    expect(await get(sourceCreds(credentials))).toBe(200);
  });

  test.for(['two\nlines\n', ' blanks around ', 'it\'s "quoted"', 'one:two', 'pässwörd-ключ', '   '])(
    'skopeo accesses the registry with password %j via --creds and --authfile, and fails with another password',
    async (password, context) => {
      if (skip !== undefined) context.skip(skip);
      await image();
      const storage = join(dir, 'storage');
      {
        await using registry = await start({ dir, storage });
        await push(join(dir, 'layout'), 'image', { to: `${registry.address}/a/b:tag` });
      }
      const htpasswd = join(dir, 'htpasswd');
      // The password is an argument of htpasswd: from standard input, htpasswd reads only a single line.
      await writeFile(htpasswd, (await run(['htpasswd', '-nbB', 'puller', password])).stdout);
      await using registry = await start({ dir, storage, htpasswd });
      const inspect = (...credentials: readonly string[]): Promise<unknown> =>
        run(['skopeo', 'inspect', '--tls-verify=false', ...credentials, `docker://${registry.address}/a/b:tag`]);
      const creds = sourceCreds({ user: 'puller', password });
      const authFile = join(dir, 'auth.json');
      const auth = { [registry.address]: { auth: Buffer.from(creds).toString('base64') } };
      await writeFile(authFile, JSON.stringify({ auths: auth }));
      await inspect('--creds', creds);
      await inspect('--authfile', authFile);
      await expect(inspect('--creds', `${creds}x`)).rejects.toThrow('authentication required');
    },
  );

  test('a registry answers through the unix socket of openRegistryProxy', async (context) => {
    if (skip !== undefined) context.skip(skip);
    await using registry = await start({ dir, storage: join(dir, 'storage') });
    const socket = join(dir, 'proxy.sock');
    await using _proxy = await openRegistryProxy(socket, registry.address);
    const answer = await new Promise<string>((resolve, reject) => {
      const client = createConnection(socket).on('error', reject);
      client.end('GET /v2/ HTTP/1.0\r\n\r\n');
      client.once('data', (chunk) => resolve(chunk.toString()));
    });
    expect(answer).toMatch(/^HTTP\/1\.[01] 200/);
  });
});

test('listeningAddress finds the registry’s address in a text or JSON log', () => {
  expect(listeningAddress('time="x" level=info msg="listening on 127.0.0.1:38643"')).toBe('127.0.0.1:38643');
  expect(listeningAddress('{"msg":"listening on 127.0.0.1:1"}')).toBe('127.0.0.1:1');
  expect(listeningAddress('msg="redis not configured"')).toBeUndefined();
});

test('registryConfig listens on loopback, and has no auth without an htpasswd file', () => {
  expect(registryConfig({ storage: '/s' })).toMatchObject({ http: { addr: '127.0.0.1:0' } });
  expect(registryConfig({ storage: '/s', port: 5000 })).not.toHaveProperty('auth');
});
