/** Environment variable that every process of a run carries, so that whoever cleans up after a kill finds them all. */
export const RUN_LABEL = 'KATA_CC_RUN';

/** The label of the run this process belongs to, as environment for its children; empty outside a run. */
export function runLabel(): Record<string, string> {
  // biome-ignore lint/style/noProcessEnv: the label is inherited from parent to child, that is its purpose
  const runId = process.env[RUN_LABEL];
  return runId === undefined ? {} : { [RUN_LABEL]: runId };
}

/** Makes this process and all its children from now on part of a run. */
export function labelProcess(runId: string): void {
  // biome-ignore lint/style/noProcessEnv: see above
  process.env[RUN_LABEL] = runId;
}
