import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateKeys, resourcesJson } from '../../../fixtures/encryption/keys.ts';
import type { ArtefactStep } from '../../step.ts';

/** Step that generates the keys of the encrypted test images. Its result is a file (0600): JSON with base64 by resource path. */
export const imageKeys: ArtefactStep = {
  kind: 'artefact',
  id: 'image-keys',
  module: import.meta.url,
  title: 'keys of encrypted test images',
  needs: () => [],
  timeoutMs: 60_000,
  inputs: () => ({}),
  make: (directory) => writeFile(fileIn(directory), resourcesJson(generateKeys()), { mode: 0o600 }),
  read: fileIn,
};

function fileIn(directory: string): string {
  return join(directory, 'keys.json');
}
