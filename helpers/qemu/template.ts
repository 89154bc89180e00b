import { join } from 'node:path';
import { HarnessError } from '../errors.ts';
import { commandLine, run } from '../exec.ts';
import type { Qmp, QmpEvent } from './qmp.ts';

/** A machine that was stopped and saved: its memory, and the state of everything else. */
export interface Template {
  readonly memory: string;
  readonly state: string;
}

/** The files of a template in a directory. */
export function templateIn(directory: string): Template {
  return { memory: join(directory, 'memory'), state: join(directory, 'state') };
}

/** `x-ignore-shared` leaves the memory where it is, in its file; `events` tells us when it is over. */
const CAPABILITIES = ['x-ignore-shared', 'events'].map((capability) => ({ capability, state: true }));

/** Stops a machine whose memory is in `template.memory`, writes the rest to `template.state`, and ends it. */
export async function save(qmp: Qmp, template: Template): Promise<void> {
  await qmp.execute('stop');
  await qmp.execute('migrate-set-capabilities', { capabilities: CAPABILITIES });
  await Promise.all([migrated(qmp), qmp.execute('migrate', { uri: `exec:cat > ${commandLine([template.state])}` })]);
  await qmp.execute('quit');
}

/** Continues a saved machine in a QEMU that waits for it. */
export async function restore(qmp: Qmp, template: Template): Promise<void> {
  await qmp.execute('migrate-set-capabilities', { capabilities: CAPABILITIES });
  await Promise.all([
    migrated(qmp),
    qmp.execute('migrate-incoming', { uri: `exec:cat ${commandLine([template.state])}` }),
  ]);
  // It was stopped when it was saved, and still is.
  await qmp.execute('cont');
}

/** The memory for one clone, holes kept. */
export async function copyMemory({ memory }: Pick<Template, 'memory'>, copy: string): Promise<void> {
  await run(['cp', '--sparse=always', '--reflink=auto', memory, copy]);
}

function migrated(qmp: Qmp): Promise<void> {
  return new Promise((resolve, reject) => {
    const onEvent = ({ event, data }: QmpEvent): void => {
      if (event !== 'MIGRATION') return;
      if (data?.['status'] === 'completed') settle(resolve);
      if (data?.['status'] === 'failed') settle(() => reject(new HarnessError('qemu', 'the saved state does not fit')));
    };
    const onLost = (error: Error): void => settle(() => reject(error));
    const settle = (finish: () => void): void => {
      qmp.off('event', onEvent).off('lost', onLost);
      finish();
    };
    qmp.on('event', onEvent).on('lost', onLost);
  });
}
