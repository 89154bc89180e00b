import { expect, test } from 'vitest';
import { nydusFiles } from './nydus-service.ts';

test('the unit of nydus-snapshotter starts the installed program before containerd, and names the digest of the program', () => {
  const [config, unit] = nydusFiles('abc');
  expect(config?.path).toBe('/opt/kata-cc/nydus/config.toml');
  expect(config?.text).toContain('nydus_overlayfs_path = "/opt/kata-cc/nydus/nydus-overlayfs"');
  expect(unit?.path).toBe('/etc/systemd/system/kata-cc-nydus.service');
  expect(unit?.text.split('\n')).toEqual([
    '# abc',
    '[Unit]',
    'Description=nydus-snapshotter in proxy mode',
    'Before=containerd.service',
    '[Service]',
    'ExecStart=/opt/kata-cc/nydus/containerd-nydus-grpc --config /opt/kata-cc/nydus/config.toml',
    'Restart=always',
    'RuntimeDirectory=kata-cc-nydus',
    'StateDirectory=kata-cc-nydus',
    '',
  ]);
});
