import { makeSignatures } from '../../fixtures/signatures.ts';
import type { ArtefactStep } from '../step.ts';
import { images, readDigests } from './images.ts';

/** Public keys, and signatures for every image that has one. */
export const signatures: ArtefactStep = {
  kind: 'artefact',
  id: 'signatures',
  module: import.meta.url,
  title: 'keys and signatures',
  needs: [images],
  timeoutMs: 60_000,
  inputs: () => ({}),
  async make(directory, { result, runDir, say }) {
    say('making keys');
    await makeSignatures(directory, await readDigests(result(images)), runDir);
  },
};
