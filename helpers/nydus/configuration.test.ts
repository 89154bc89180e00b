import { expect, test } from 'vitest';
import { parseToml } from '../text/toml-read.ts';
import { nydusConfig } from './configuration.ts';
import { nydusIn } from './snapshotter.ts';

test('nydusConfig enables proxy mode with Kata’s volumes and without daemons, and mounts with the helper beside the program', () => {
  const text = nydusConfig({ root: '/var/lib/n', socket: '/run/n/n.sock' }, nydusIn('/opt/n'));
  expect(parseToml(text)).toEqual({
    version: 1,
    root: '/var/lib/n',
    address: '/run/n/n.sock',
    daemon_mode: 'none',
    system: { enable: false },
    log: { log_to_stdout: true },
    daemon: { fs_driver: 'proxy' },
    snapshot: { enable_kata_volume: true, nydus_overlayfs_path: '/opt/n/nydus-overlayfs' },
  });
});
