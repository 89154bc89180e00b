import { IMAGES } from '../../fixtures/images.ts';
import { CTR_NAMESPACE } from '../../helpers/ctr.ts';
import { run } from '../../helpers/exec.ts';
import { KATA_RUNTIME } from '../../helpers/kata/names.ts';
import type { Build } from './build.ts';

/** Runs a container in a guest, and shows which kernel it has. */
export async function testContainerd({ config }: Build): Promise<void> {
  const id = `ccv0-test-${process.pid}`;
  const image = config.pullImage ?? IMAGES.busybox.reference;
  const command = ['run', '--rm', '--runtime', KATA_RUNTIME, image, id, 'uname', '-a'];
  console.log((await run(['ctr', '--namespace', CTR_NAMESPACE, ...command])).stdout.trimEnd());
}

/** The same, and what was logged meanwhile. */
export async function testCaptureLogs(context: Build): Promise<void> {
  const since = new Date().toISOString().replace('T', ' ').slice(0, 19);
  await testContainerd(context);
  const logs = ['journalctl', '--utc', '--since', since, '--no-pager', '--unit', 'containerd'];
  console.log((await run(logs)).stdout);
}
