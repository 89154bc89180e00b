import type { TargetedConfig } from '../../config/config.ts';
import { takeOverSignals } from '../../engine/interrupt.ts';
import { openSession } from '../../session/open-session.ts';
import type { Choice } from '../../session/selection.ts';
import type { Step } from '../../step.ts';
import { kataBundle } from '../../steps/kata/kata-bundle.ts';
import { kataImage } from '../../steps/kata/kata-image.ts';
import { kataRuntime } from '../../steps/kata/kata-runtime.ts';
import { kernel } from '../../steps/kernel/kernel.ts';
import { packages } from '../../steps/packages.ts';
import { kataQemu } from '../../steps/qemu/kata-qemu.ts';
import { fetchedSource } from '../../steps/source/fetched-source.ts';
import { rootfs } from '../../steps/vm/rootfs.ts';
import { ccv0Settings } from './settings.ts';

/** Context of a build with `pnpm ccv0`. */
export interface Build {
  readonly config: TargetedConfig;
  /** The set-up steps to which a build is limited. */
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
export async function build({ choice, config }: Build, part: keyof typeof PARTS): Promise<string> {
  const wanted: Step = PARTS[part];
  await using session = await openSession({
    changes: ccv0Settings(config),
    build: { steps: [wanted], choice },
    signal: takeOverSignals(() => {}),
  });
  return String(session.result(wanted));
}
