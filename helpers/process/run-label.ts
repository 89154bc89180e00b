/** Environment variable of every process of a run, by which teardown finds them all after a kill. */
export const RUN_LABEL = 'KATA_CC_RUN';

/** The label of the run this process belongs to, as environment for its children; empty outside a run. */
export function runLabel(): Record<string, string> {
  // biome-ignore lint/style/noProcessEnv: the label is inherited from parent to child, that is its purpose
  const runId = process.env[RUN_LABEL];
  return runId === undefined ? {} : { [RUN_LABEL]: runId };
}

/** Makes this process and its later children part of a run. */
export function labelProcess(runId: string): void {
  // biome-ignore lint/style/noProcessEnv: see above
  process.env[RUN_LABEL] = runId;
}
