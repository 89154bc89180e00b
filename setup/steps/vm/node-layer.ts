import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from '../../engine/bundle.ts';
import { projectPath } from '../../project.ts';
import type { ArtefactStep } from '../../step.ts';
import { packages } from '../packages.ts';
import { layerIn, makeLayer, place } from './layer-image.ts';

const PROBE = projectPath('fixtures/guest/vsock-probe.ts');

/**
 * Step that builds the guest's layer with the Node.js of this process and the vsock probe. This Node.js is linked with
 * the C library of the root file system, or an older one.
 */
export const nodeLayer: ArtefactStep = {
  kind: 'artefact',
  id: 'node-layer',
  module: import.meta.url,
  title: 'Node.js layer',
  needs: () => [packages],
  timeoutMs: 60_000,
  inputs: () => ({ values: { node: process.version } }),
  make: (directory, context) =>
    makeLayer(directory, context, async (root) => {
      await place(await realpath(process.execPath), join(root, 'usr/bin/node'), 0o755);
      await bundle(PROBE, join(root, 'opt/vsock-probe.mjs'));
    }),
  read: layerIn,
};
