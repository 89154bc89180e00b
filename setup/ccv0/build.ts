import { fetchSnapshot } from '../../helpers/git/export.ts';
import { carryOut } from '../carry-out.ts';
import type { TargetedConfig } from '../config.ts';
import type { Installation } from '../installation/installation.ts';
import { installFiles } from '../installation/kata-files.ts';
import { takeOverSignals } from '../interrupt.ts';
import { type Choice, selection } from '../selection.ts';
import { gitStore, settle } from '../settle.ts';
import type { Step } from '../step.ts';
import { kataBundle, readBundle, withNeeds } from '../steps/kata-bundle.ts';
import { kataImage } from '../steps/kata-image.ts';
import { installationOf } from '../steps/kata-installation.ts';
import { kataRuntime } from '../steps/kata-runtime.ts';
import { kernel } from '../steps/kernel.ts';
import { packages } from '../steps/packages.ts';
import { rootfs } from '../steps/rootfs.ts';

/** What a build is made with. */
export interface Build {
  readonly config: TargetedConfig;
  /** Which steps a build is limited to. */
  readonly choice?: Choice | undefined;
}

const PARTS = { bundle: kataBundle, runtime: kataRuntime, rootfs, image: kataImage, kernel, packages } as const;

/** Builds a part and what it needs, where anything of that has changed. Gives the directory it is in. */
export async function build(context: Build, part: keyof typeof PARTS | 'source'): Promise<string> {
  const wanted: Step = part === 'source' ? packages : PARTS[part];
  const signal = takeOverSignals(() => {});
  const config = await settle(context.config, signal);
  const steps = withNeeds(wanted);
  await using world = await carryOut(steps, config, signal, { selected: selection(steps, context.choice) });
  if (part === 'source' && config.source) await fetchSnapshot(config.source.snapshot, gitStore(config), signal);
  return String(world.result(wanted));
}

/** Puts a bundle on this machine. */
export async function install(context: Build, directory: string): Promise<void> {
  const { root } = await readBundle(directory);
  await installFiles(installation(context), root);
}

/** What has been put on this machine so far. */
export function installation({ config }: Build): Installation {
  return installationOf(config);
}
