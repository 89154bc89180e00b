import { mkdir } from 'node:fs/promises';
import { commandLine, run } from '../../../helpers/process/exec.ts';
import { type DevVm, sshCommand } from './machine.ts';
import { PROJECT_INSIDE } from './settings-inside.ts';

/** File in the dev VM that is as old as the latest run. */
const BEGUN = '/run/kata-cc-begun';
/** Where a run in the dev VM leaves its report and evidence. */
const REPORTS_INSIDE = `${PROJECT_INSIDE}/reports/out`;

/** Settings of reports, for which a run in the dev VM has its own places. */
export const REPORT_SETTINGS = ['KATA_REPORTS_DIR', 'KATA_HISTORY_DIR', 'GITHUB_STEP_SUMMARY'];

/** Notes in the dev VM that a run begins. */
export async function noteBeginning(vm: DevVm): Promise<void> {
  await run(sshCommand(vm, [`touch ${BEGUN}`]));
}

/**
 * Copies the report and evidence that a run in the dev VM has left since {@link noteBeginning} to a directory of this machine; other files in it
 * stay. Returns false if the run has left none. Rejects if the dev VM does not answer.
 */
export async function fetchReport(vm: DevVm, directory: string): Promise<boolean> {
  const isNew = `[ ${REPORTS_INSIDE}/index.html -nt ${BEGUN} ]`;
  if ((await run(sshCommand(vm, [isNew]), { okCodes: [0, 1] })).exitCode === 1) return false;
  await mkdir(directory, { recursive: true });
  const from = commandLine(sshCommand(vm, [newFiles(REPORTS_INSIDE, BEGUN)]));
  const to = commandLine(['tar', '--extract', '--no-same-owner', '--no-overwrite-dir', '--directory', directory]);
  await run(['bash', '-o', 'pipefail', '-c', `${from} | ${to}`]);
  return true;
}

/** Shell script that prints a tar archive of the report and evidence in a directory that are newer than a file. */
export function newFiles(reports: string, than: string): string {
  const find = `find . \\( -path './evidence/*' -o -path './*.*' ! -path './*/*' \\) -type f -newer ${than} -print0`;
  return `cd ${reports} && ${find} | tar --create --null --files-from=-`;
}
