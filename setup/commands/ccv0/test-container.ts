import { kataRun } from '../../../fixtures/guest/ctr-run.ts';
import { CTR_NAMESPACE } from '../../../helpers/containerd/ctr.ts';
import { run } from '../../../helpers/process/exec.ts';
import type { Build } from './build.ts';

/** Runs a container in a Kata guest and prints the guest's kernel version. */
export async function testContainerd({ config }: Build): Promise<void> {
  const id = `ccv0-test-${process.pid}`;
  const image = config.pullImage === undefined ? {} : { image: config.pullImage };
  const container = { id, command: ['uname', '-a'], flags: ['--rm'], ...image };
  const command = kataRun(config.cdh === undefined ? {} : { guestPull: config.pull ?? 'force' }, container);
  console.log((await run(['ctr', '--namespace', CTR_NAMESPACE, ...command])).stdout.trimEnd());
}

/** Runs a container in a Kata guest and prints the logs written meanwhile. */
export async function testCaptureLogs(context: Build): Promise<void> {
  const since = new Date().toISOString().replace('T', ' ').slice(0, 19);
  await testContainerd(context);
  const logs = ['journalctl', '--utc', '--since', since, '--no-pager', '--unit', 'containerd'];
  console.log((await run(logs)).stdout);
}
