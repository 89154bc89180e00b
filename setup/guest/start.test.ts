import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect } from 'vitest';
import { AS_ROOT, type Condition, testWhere } from '../../helpers/contract/run-where.ts';
import { projectPath } from '../project.ts';

const WITH_BUSYBOX: Condition = existsSync('/bin/busybox') ? AS_ROOT : '/bin/busybox is not installed';

/** The functions of start.sh that mount files of disks with the agent, run on disks whose files belong in /run, with the mount of guests. */
const SCRIPT = `
mount -t tmpfs tmpfs /run && mkdir /run/layers
for disk in vdc vdd; do
  mkdir /run/layers/$disk && mount -t tmpfs tmpfs /run/layers/$disk && mkdir -p /run/layers/$disk/run/bin
done
echo lower >/run/layers/vdc/run/bin/program && echo upper >/run/layers/vdd/run/bin/program
echo alone >/run/layers/vdc/run/bin/other
mount() { busybox mount "$@"; }
eval "$(sed -n '/^fstab_of_files() {/,/^}/p; /^attach_agent_disks() {/,/^}/p' "$1")"
: >/run/fstab.disks
agent_disks='vdc vdd'
attach_agent_disks
cat /run/bin/program /run/bin/other
`;

testWhere(WITH_BUSYBOX)('of several disks with the agent, the files of the last one are on top', () => {
  const args = ['-m', 'sh', '-c', SCRIPT, 'sh', projectPath('setup/guest/start.sh')];
  expect(execFileSync('unshare', args, { encoding: 'utf8' })).toBe('upper\nalone\n');
});
