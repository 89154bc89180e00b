import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { generationOfBinary, generationOfSource, parseAgentVersion } from './generation.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-generation-'));
  await mkdir(join(directory, 'src/agent'), { recursive: true });
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('generation of an agent', () => {
  test.for([
    ['skopeo', true, 'ttrpc = "0.5"'],
    ['image-rs', true, 'ttrpc = "0.5"\nimage-rs = { git = "…" }'],
    ['guest-pull', false, 'ttrpc = "0.8"'],
  ] as const)(
    'generationOfSource recognises an agent checkout of generation %s by its protos and Cargo.toml',
    async ([generation, imageService, manifest]) => {
      if (imageService) await writeFile(join(directory, 'image.proto'), '');
      await writeFile(join(directory, 'src/agent/Cargo.toml'), `[dependencies]\n${manifest}\n`);
      expect(await generationOfSource(directory, directory)).toBe(generation);
    },
  );

  test.for([
    ['skopeo', '\0/grpc.Image/PullImage\0/usr/bin/skopeo'],
    ['image-rs', '\0/grpc.Image/PullImage\0/registry/image-rs/src/image.rs'],
    ['guest-pull', '\0/grpc.AgentService/CreateContainer\0image_guest_pull'],
  ] as const)(
    'generationOfBinary recognises an agent binary of generation %s by its strings',
    async ([generation, content]) => {
      await writeFile(join(directory, 'kata-agent'), content);
      expect(await generationOfBinary(join(directory, 'kata-agent'))).toBe(generation);
    },
  );
});

test('parseAgentVersion reads version and commit, a version alone, and rejects other output', () => {
  const commit = 'd17aaba475451846888a3ca336fe1a8cacd5b5c2';
  const line = `kata-agent version 2.3.0-rc0 (api version: 0.0.1, commit version: 2.3.0-rc0-${commit}, type: rust)`;
  expect(parseAgentVersion(line)).toEqual({ version: '2.3.0-rc0', commit });
  expect(parseAgentVersion('kata-agent version 3.2.0 (api version: 0.0.1, commit version: 3.2.0, type: rust)')).toEqual(
    {
      version: '3.2.0',
    },
  );
  expect(parseAgentVersion('true (GNU coreutils) 9.1')).toBeUndefined();
});
