import { dirname } from 'node:path';
import { installationOf } from '../../installation/installation.ts';
import { installFiles } from '../../installation/kata-files.ts';
import { IMAGE_FILE, KERNEL_FILE, kataBundle } from '../../steps/kata/kata-bundle.ts';
import { kataImage } from '../../steps/kata/kata-image.ts';
import { runtimeTree } from '../../steps/kata/runtime-step.ts';
import { kernel } from '../../steps/kernel/kernel.ts';
import { kataQemu } from '../../steps/qemu/kata-qemu.ts';
import { fetchedSource } from '../../steps/source/fetched-source.ts';
import { rootfs } from '../../steps/vm/rootfs.ts';
import { type Build, build } from './build.ts';

/** Builds a Kata install bundle and prints its path. */
export async function printBundle(context: Build): Promise<void> {
  console.log((await build(context, kataBundle)).directory);
}

/** Builds a Kata install bundle and installs it on this machine. */
export async function installBundle(context: Build): Promise<void> {
  const { root } = await build(context, kataBundle);
  await installFiles(installationOf(context.config), root);
}

/** Installs the distribution's packages, and fetches Kata's source. */
export async function fetchSource(context: Build): Promise<void> {
  await build(context, fetchedSource);
}

/** Builds Kata's runtime and shim and installs them on this machine. */
export async function installRuntime(context: Build): Promise<void> {
  await installationOf(context.config).copy(await build(context, runtimeTree), '/');
}

/** Builds the guest's root file system without an agent and prints its directory. */
export async function printRootfs(context: Build): Promise<void> {
  console.log(dirname(await build(context, rootfs)));
}

/** Builds the guest image with the agent and prints its directory. */
export async function printImage(context: Build): Promise<void> {
  console.log(dirname(await build(context, kataImage)));
}

/** Builds the guest image and installs it on this machine. */
export async function installImage(context: Build): Promise<void> {
  await installationOf(context.config).copy(await build(context, kataImage), IMAGE_FILE);
}

/** Builds the guest kernel and installs it on this machine. */
export async function installKernel(context: Build): Promise<void> {
  const { image, tree } = await build(context, kernel);
  const installation = installationOf(context.config);
  if (tree !== undefined) await installation.copy(tree, '/');
  else await installation.copy(image, KERNEL_FILE);
}

/** Installs the distribution's QEMU, or builds and installs upstream's. */
export async function installQemu(context: Build): Promise<void> {
  const qemu = await build(context, kataQemu);
  if (qemu !== undefined) await installationOf(context.config).copy(qemu.root, '/');
}
