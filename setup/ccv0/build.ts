import { requireBasics } from '../aim.ts';
import { carryOut } from '../carry-out.ts';
import type { TargetedConfig } from '../config.ts';
import { takeOverSignals } from '../interrupt.ts';
import { type Choice, selection } from '../selection.ts';
import { settle } from '../settle.ts';
import { type Step, withNeeds } from '../step.ts';
import { fetchedSource } from '../steps/fetched-source.ts';
import { kataBundle } from '../steps/kata-bundle.ts';
import { kataImage } from '../steps/kata-image.ts';
import { kataQemu } from '../steps/kata-qemu.ts';
import { kataRuntime } from '../steps/kata-runtime.ts';
import { kernel } from '../steps/kernel.ts';
import { packages } from '../steps/packages.ts';
import { rootfs } from '../steps/rootfs.ts';

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
  const config = await settle(context.config, signal);
  const steps = withNeeds([wanted]);
  await using world = await carryOut(steps, config, signal, { selected: selection(steps, context.choice) });
  return String(world.result(wanted));
}
