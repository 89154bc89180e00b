import { join } from 'node:path';
import { behind } from '../../../fixtures/cdh-proxy/behind.ts';
import { bundle } from '../../engine/bundle.ts';
import { projectPath } from '../../project.ts';
import type { ArtefactStep } from '../../step.ts';
import { cdh } from '../agent/cdh.ts';
import { packages } from '../packages.ts';
import { layerIn, makeLayer, place } from './layer-image.ts';

const PROXY = projectPath('fixtures/cdh-proxy/cdh-proxy.ts');
const CDH = '/usr/local/bin/confidential-data-hub';
/** Below the path of the CDH, so that what ends a CDH ends this program. */
const PROGRAM = `${CDH}.mjs`;

/** Step that builds the layer with the ttrpc server that answers in place of the CDH, and starts the CDH itself. */
export const cdhProxyLayer: ArtefactStep = {
  kind: 'artefact',
  id: 'cdh-proxy-layer',
  module: import.meta.url,
  title: 'layer with a server between agent and CDH',
  needs: () => [packages, cdh],
  timeoutMs: 60_000,
  inputs: () => ({}),
  make: (directory, context) =>
    makeLayer(directory, context, async (root) => {
      await place(context.result(cdh).path, join(root, behind.program), 0o755);
      await bundle(PROXY, join(root, PROGRAM));
      await place(`#!/bin/busybox sh\nexec node --jitless ${PROGRAM} "$@"\n`, join(root, CDH), 0o755, 'text');
    }),
  read: layerIn,
};
