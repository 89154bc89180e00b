import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { minimalEnv } from '../../../helpers/process/exec.ts';
import { type DevVm, sshCommand } from './machine.ts';
import { PROJECT_INSIDE } from './settings-inside.ts';

/** File in the dev VM that is as old as the latest run. */
const BEGUN = '/run/kata-cc-begun';
/** Where a run in the dev VM leaves its report. */
const REPORTS_INSIDE = `${PROJECT_INSIDE}/reports/out`;

/** Notes in the dev VM that a run begins. */
export async function noteBeginning(vm: DevVm): Promise<void> {
  await execa(...command(vm, `touch ${BEGUN}`), OPTIONS);
}

/**
 * Copies the report that a run in the dev VM has left since {@link noteBeginning} to a directory of this machine, in place of an earlier one.
 * Returns false if it has left none, as one whose set-up failed.
 */
export async function fetchReport(vm: DevVm, directory: string): Promise<boolean> {
  const isNew = `[ ${REPORTS_INSIDE}/report.json -nt ${BEGUN} ]`;
  const { exitCode } = await execa(...command(vm, isNew), { ...OPTIONS, reject: false });
  if (exitCode !== 0) return false;
  await rm(join(directory, 'evidence'), { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  await execa(...command(vm, `tar --create --directory ${REPORTS_INSIDE} .`), { ...OPTIONS, buffer: false }).pipe(
    'tar',
    ['--extract', '--no-same-owner', '--directory', directory],
    OPTIONS,
  );
  return true;
}

const OPTIONS = { env: minimalEnv(), extendEnv: false } as const;

function command(vm: DevVm, script: string): [file: string, args: string[]] {
  const [file = '', ...args] = sshCommand(vm, [script]);
  return [file, args];
}
