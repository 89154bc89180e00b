import { expect, test } from 'vitest';
import { distroContainerdUnit, ownContainerdUnit } from './containerd-programs.ts';

test('the drop-in starts the installed containerd without arguments, which finds its shim first on PATH', () => {
  const { path, text } = ownContainerdUnit('abc');
  expect(path).toBe('/etc/systemd/system/containerd.service.d/kata-cc.conf');
  const [section, digest, reset, start, environment] = text.split('\n');
  expect([section, digest, reset]).toEqual(['[Service]', '# abc', 'ExecStart=']);
  expect(start).toBe('ExecStart=/opt/kata-cc/containerd/containerd');
  expect(environment).toMatch(/^Environment=PATH=\/opt\/kata-cc\/containerd:\/usr\/local\/sbin:/);
});

test('the drop-in for the distribution’s containerd changes nothing of its unit', () => {
  expect(distroContainerdUnit().text).toBe('[Service]\n');
});
