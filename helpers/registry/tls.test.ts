import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { buildImage } from '../oci/image.ts';
import { buildLayer } from '../oci/layer.ts';
import { run } from '../process/exec.ts';
import { createServerCertificate } from './certificates.ts';
import { startRegistryProcess } from './process.ts';
import { pushContent } from './push.ts';

const missing = await run(['sh', '-c', 'command -v docker-registry openssl']).then(
  () => false,
  () => true,
);

test('a registry with a certificate takes content from clients that trust its authority, and from no others', async (context) => {
  if (missing) context.skip('docker-registry or openssl is missing');
  const dir = await mkdtemp(join(tmpdir(), 'kata-cc-tls-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const tls = await createServerCertificate(dir, ['127.0.0.1', '10.0.2.100']);
  expect((await stat(tls.key)).mode & 0o777).toBe(0o600);
  await mkdir(join(dir, 'storage'));
  await using registry = await startRegistryProcess({ dir, storage: join(dir, 'storage'), tls });
  const layer = await buildLayer([{ path: 'file', type: 'file', mode: 0o644, content: Buffer.from('x') }]);
  const { config, manifest } = buildImage([layer], { Cmd: ['true'], Env: [] });
  const content = { blobs: [config, layer], manifest };
  const name = { repository: 'a/b', tag: 'tag' };
  const { authority } = tls;
  await pushContent({ address: registry.address, authority }, name, content);
  const other = await createServerCertificate(await mkdtemp(join(dir, 'other-')), ['127.0.0.1']);
  const distrusting = { address: registry.address, authority: other.authority };
  await expect(pushContent(distrusting, name, content)).rejects.toMatchObject({
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  });
  await expect(pushContent({ address: registry.address }, name, content)).rejects.toThrow(
    'status 400, expected 202: Client sent an HTTP request to an HTTPS server.',
  );
  const lacking = { blobs: [config], manifest };
  await expect(
    pushContent({ address: registry.address, authority }, { ...name, repository: 'c/d' }, lacking),
  ).rejects.toThrow(/^PUT \/v2\/c\/d\/manifests\/tag on 127\.0\.0\.1:\d+: status 400, expected 201: .*BLOB_UNKNOWN/);
});
