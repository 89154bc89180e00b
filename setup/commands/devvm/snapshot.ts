import { readFile } from 'node:fs/promises';
import { HarnessError } from '../../../helpers/errors.ts';
import { poll } from '../../../helpers/poll.ts';
import { run } from '../../../helpers/process/exec.ts';
import { Qmp } from '../../../helpers/qemu/qmp.ts';
import { projectPath } from '../../project.ts';
import { DISK_NODE } from './argv.ts';
import { type DevVm, hangUp, sshCommand } from './machine.ts';
import { forgetSaved, noteSaved } from './saved.ts';

const LET_GO_TIMEOUT_MS = 120_000;
const QMP_TIMEOUT_MS = 10_000;
const SAVE_TIMEOUT_MS = 600_000;

/**
 * Saves a snapshot of a dev VM in its disk; the VM keeps running afterwards. A snapshot of the same name is replaced.
 * QEMU does not save a VM that has mounted a host directory, so the dev VM unmounts such directories first; the next
 * command mounts them again.
 */
export async function saveDevVm(vm: DevVm, name: string): Promise<void> {
  const letGo = await readFile(projectPath('setup/commands/devvm/let-go.sh'), 'utf8');
  await run(sshCommand(vm, [letGo]), { timeoutMs: LET_GO_TIMEOUT_MS });
  await hangUp(vm);
  await using qmp = await Qmp.connect(vm.qmp, { timeoutMs: QMP_TIMEOUT_MS });
  await forgetSaved(vm.disk, name);
  // QEMU's snapshot-delete does not fail for a snapshot that does not exist.
  await job(qmp, 'snapshot-delete', { tag: name });
  await job(qmp, 'snapshot-save', { tag: name, vmstate: DISK_NODE });
  await noteSaved(vm.disk, { name, at: new Date().toISOString(), hardware: vm.hardware });
}

/** Sets the clock of a restored dev VM. */
export async function goOn(vm: DevVm): Promise<void> {
  const script = await readFile(projectPath('setup/commands/devvm/go-on.sh'), 'utf8');
  await run(sshCommand(vm, [`set -- @${(Date.now() / 1_000).toFixed(3)}\n${script}`]));
}

/** Runs a QMP command that starts a job, and waits until the job has concluded. */
async function job(qmp: Qmp, command: string, parameters: Readonly<Record<string, string>>): Promise<void> {
  const id = 'devvm';
  await qmp.execute(command, { 'job-id': id, devices: [DISK_NODE], ...parameters });
  const concluded = async (): Promise<{ error?: string } | undefined> =>
    (await qmp.execute<Job[]>('query-jobs')).find((found) => found.id === id && found.status === 'concluded');
  const { error } = await poll(`QEMU's ${command}`, concluded, { timeoutMs: SAVE_TIMEOUT_MS, intervalMs: 100 });
  await qmp.execute('job-dismiss', { id });
  if (error !== undefined) throw new HarnessError('devvm', `QEMU's ${command} failed: ${error}`);
}

interface Job {
  readonly id: string;
  readonly status: string;
  readonly error?: string;
}
