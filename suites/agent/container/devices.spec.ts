import { describe, expect, readAll, test } from '../../../fixtures/test.ts';

/** The devices that every container has, by their numbers. Source: OCI runtime specification, default devices. */
const DEFAULT = { full: '1, 7', null: '1, 3', random: '1, 8', tty: '5, 0', urandom: '1, 9', zero: '1, 5' };

describe('default devices of a container', { tags: ['containers'] }, () => {
  test('CreateContainer gives a container the default devices, which all users may read and write', {
    tags: ['usable-devices'],
  }, async ({ guest, startRunning }) => {
    const script = `cd /dev; ls -l ${Object.keys(DEFAULT).join(' ')}`;
    const { containerId } = await startRunning(guest, { args: ['sh', '-c', script] });
    const said = await readAll(guest, 'stdout', containerId, containerId);
    const row = /^(\S+) .* (\d+), +(\d+) .* (\w+)$/gm;
    const devices = [...said.matchAll(row)].map(([, mode, major, minor, name]) => [name, mode, `${major}, ${minor}`]);
    expect(devices).toEqual(Object.entries(DEFAULT).map(([name, numbers]) => [name, 'crw-rw-rw-', numbers]));
  });
});
