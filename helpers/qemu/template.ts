import { join } from 'node:path';
import { HarnessError } from '../errors.ts';
import { commandLine, run } from '../process/exec.ts';
import type { Qmp, QmpEvent } from './qmp.ts';

/** A VM template, saved from a stopped VM: the file with its memory, and the file with the rest of its state. */
export interface Template {
  readonly memory: string;
  readonly state: string;
}

/** The files of a VM template in a directory. */
export function templateIn(directory: string): Template {
  return { memory: join(directory, 'memory'), state: join(directory, 'state') };
}

/**
 * Migration capabilities of QEMU for saving a template: `x-ignore-shared` leaves the memory in its file; `events`
 * reports when the migration has ended.
 */
const CAPABILITIES = ['x-ignore-shared', 'events'].map((capability) => ({ capability, state: true }));

/** Stops a VM whose memory is in `template.memory`, writes the rest of its state to `template.state`, and quits QEMU. */
export async function save(qmp: Qmp, template: Template): Promise<void> {
  await qmp.execute('stop');
  await qmp.execute('migrate-set-capabilities', { capabilities: CAPABILITIES });
  await Promise.all([migrated(qmp), qmp.execute('migrate', { uri: `exec:cat > ${commandLine([template.state])}` })]);
  await qmp.execute('quit');
}

/** Restores a VM template in a QEMU that was started with `-incoming defer`, and resumes the guest. */
export async function restore(qmp: Qmp, template: Template): Promise<void> {
  await qmp.execute('migrate-set-capabilities', { capabilities: CAPABILITIES });
  await Promise.all([
    migrated(qmp),
    qmp.execute('migrate-incoming', { uri: `exec:cat ${commandLine([template.state])}` }),
  ]);
  // `cont`, because the VM was stopped when it was saved, and is restored stopped.
  await qmp.execute('cont');
}

/** Copies the memory of a VM template for one clone; holes of the file stay holes. */
export async function copyMemory({ memory }: Pick<Template, 'memory'>, copy: string): Promise<void> {
  await run(['cp', '--sparse=always', '--reflink=auto', memory, copy]);
}

function migrated(qmp: Qmp): Promise<void> {
  return new Promise((resolve, reject) => {
    const onEvent = ({ event, data }: QmpEvent): void => {
      if (event !== 'MIGRATION') return;
      if (data?.['status'] === 'completed') resolveConfig(resolve);
      if (data?.['status'] === 'failed')
        resolveConfig(() => reject(new HarnessError('qemu', 'QEMU reports a failed migration')));
    };
    const onLost = (error: Error): void => resolveConfig(() => reject(error));
    const resolveConfig = (finish: () => void): void => {
      qmp.off('event', onEvent).off('lost', onLost);
      finish();
    };
    qmp.on('event', onEvent).on('lost', onLost);
  });
}
