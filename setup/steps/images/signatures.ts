import { makeSignatures } from '../../../fixtures/images/signatures.ts';
import type { ArtefactStep } from '../../step.ts';
import { images } from './images.ts';

/** Step that creates keys and the signatures of every signed test image. */
export const signatures: ArtefactStep = {
  kind: 'artefact',
  id: 'signatures',
  module: import.meta.url,
  title: 'keys and signatures',
  needs: () => [images],
  timeoutMs: 60_000,
  inputs: () => ({}),
  async make(directory, { result, runDir, say }) {
    say('generating keys');
    await makeSignatures(directory, result(images).digests, runDir);
  },
  read: (directory) => directory,
};
