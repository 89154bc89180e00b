/** Environment variable of every process of a run, by which teardown finds the processes after the run was killed. */
export const RUN_LABEL = 'KATA_CC_RUN';

/** The label of the run to which this process belongs, as environment for child processes; empty outside a run. */
export function runLabel(): Record<string, string> {
  // biome-ignore lint/style/noProcessEnv: the label is inherited from parent to child process, which is its purpose
  const runId = process.env[RUN_LABEL];
  return runId === undefined ? {} : { [RUN_LABEL]: runId };
}

/** Makes this process and the children that it starts later part of a run. */
export function labelProcess(runId: string): void {
  // biome-ignore lint/style/noProcessEnv: the label is inherited from parent to child process, which is its purpose
  process.env[RUN_LABEL] = runId;
}
