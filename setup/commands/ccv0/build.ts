import type { TargetedConfig } from '../../config/config.ts';
import { resolveConfig } from '../../config/resolve.ts';
import { takeOverSignals } from '../../engine/interrupt.ts';
import { withNeeds } from '../../engine/step.ts';
import { requireBasics } from '../../session/aim.ts';
import { runSteps } from '../../session/run-steps.ts';
import { type Choice, selection } from '../../session/selection.ts';
import type { Step } from '../../step.ts';
import { kataBundle } from '../../steps/kata/kata-bundle.ts';
import { kataImage } from '../../steps/kata/kata-image.ts';
import { kataRuntime } from '../../steps/kata/kata-runtime.ts';
import { kernel } from '../../steps/kernel/kernel.ts';
import { packages } from '../../steps/packages.ts';
import { kataQemu } from '../../steps/qemu/kata-qemu.ts';
import { fetchedSource } from '../../steps/source/fetched-source.ts';
import { rootfs } from '../../steps/vm/rootfs.ts';

/** Context of a build. */
export interface Build {
  readonly config: TargetedConfig;
  /** The steps a build is limited to. */
  readonly choice?: Choice | undefined;
}

const PARTS = {
  bundle: kataBundle,
  source: fetchedSource,
  runtime: kataRuntime,
  rootfs,
  image: kataImage,
  kernel,
  qemu: kataQemu,
  packages,
} as const;

/** Builds a part and the artefacts it needs, unless they are up to date. Returns the part's directory. */
export async function build(context: Build, part: keyof typeof PARTS): Promise<string> {
  const wanted: Step = PARTS[part];
  requireBasics();
  const signal = takeOverSignals(() => {});
  const config = await resolveConfig(context.config, signal);
  const steps = withNeeds([wanted]);
  await using world = await runSteps(steps, config, signal, { selected: selection(steps, context.choice) });
  return String(world.result(wanted));
}
