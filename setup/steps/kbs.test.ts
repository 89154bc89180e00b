import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testWhere } from '../../helpers/contract/run-where.ts';
import { run } from '../../helpers/process/exec.ts';
import { inTemporaryDirectory } from '../../helpers/temporary-directory.ts';
import { cargoWith, whyNoCargo } from '../../helpers/toolchain/cargo.example.ts';
import { loadConfig } from '../config/config.ts';
import type { StepContext } from '../step.ts';
import { builtKbs, customKbs } from './kbs.ts';
import { repository } from './source/upstream-builds.example.ts';

/** Starts the step of a program with this content. */
async function provided(content: string): Promise<unknown> {
  return inTemporaryDirectory(join(tmpdir(), 'kata-cc-kbs-'), async (directory) => {
    const path = join(directory, 'kbs');
    await writeFile(path, content, { mode: 0o755 });
    const context = { config: { kbs: path }, signal: AbortSignal.timeout(10_000) };
    const result: unknown = await Promise.resolve(customKbs.start(context as StepContext)).catch(
      ({ message }: Error) => message,
    );
    return JSON.parse(JSON.stringify(result).replaceAll(directory, ''));
  });
}

test('KATA_KBS takes a program that welcomes to a KBS', async () => {
  const welcome = 'Welcome to Confidential Containers Key Broker Service!';
  expect(await provided(`#!/bin/sh\necho '${welcome}'; echo 'kbs 0.2.0'\n`)).toEqual({
    name: 'kbs',
    path: '/kbs',
    version: '0.2.0',
  });
});

test.for([
  ['another program', '#!/bin/sh\necho hello\n', 'it is not a KBS of trustee: --version prints "hello"'],
  ['a program that prints nothing', '#!/bin/sh\n', 'it is not a KBS of trustee: --version prints nothing'],
  ['a text file', 'kbs\n', 'it is neither an ELF program nor a script'],
  ['an empty file', '', 'it is neither an ELF program nor a script'],
  ['a truncated program', '\x7fELF', 'it is a truncated ELF program'],
] as const)('KATA_KBS of %s is rejected with one line', async ([, content, problem]) => {
  expect(await provided(content)).toBe(`KATA_KBS=/kbs: ${problem}`);
});

test('KATA_KBS of a program that fails is rejected with one line', async () => {
  expect(await provided('#!/bin/sh\nexit 3\n')).toMatch(/^KATA_KBS=\/kbs: --version failed: [^\n]*exited with 3/);
});

const LOCK = ['kbs', 'attestation-service'].map((name) => `[[package]]\nname = "${name}"\nversion = "0.1.0"\n`);

/** A source with the manifests of trustee, whose attestation service compiles only without upstream's verifiers. */
const TRUSTEE = {
  'Cargo.toml': '[workspace]\nmembers = ["kbs", "attestation-service"]\nresolver = "2"\n',
  'Cargo.lock': `version = 3\n\n${LOCK[1]}\n${LOCK[0]}dependencies = [\n "attestation-service",\n]\n`,
  'attestation-service/Cargo.toml':
    '[package]\nname = "attestation-service"\nversion = "0.1.0"\n[features]\nall-verifier = []\nsnp-verifier = []\n',
  'attestation-service/src/lib.rs':
    '#[cfg(feature = "all-verifier")] compile_error!("libraries of TEEs");\npub const SNP: bool = cfg!(feature = "snp-verifier");\n',
  'kbs/Cargo.toml': `[package]
name = "kbs"
version = "0.1.0"
[features]
coco-as-builtin = ["dep:attestation-service"]
[target.'cfg(not(target_arch = "s390x"))'.dependencies]
attestation-service = { path = "../attestation-service", default-features = false, features = [
    "all-verifier",
], optional = true }
`,
  'kbs/src/main.rs': 'fn main() { println!("SNP {}", attestation_service::SNP); }\n',
};

/** Builds the KBS of a source with these verifiers, and returns what it prints, and its description. */
async function built(
  verifiers: string,
  source: Readonly<Record<string, string>> = TRUSTEE,
): Promise<{ readonly printed: string; readonly description: object }> {
  return inTemporaryDirectory(join(tmpdir(), 'kata-cc-kbs-'), async (directory) => {
    const path = await repository(join(directory, 'trustee'), 'v1', source);
    const id = (await run(['git', '-C', path, 'rev-parse', 'HEAD'])).stdout.trim();
    const settings = { KATA_CACHE_DIR: join(directory, 'cache'), KATA_KBS_VERIFIERS: verifiers, KATA_KBS: 'source' };
    const custom = {
      name: 'trustee at v1',
      snapshot: { repository: { kind: 'local', path }, revision: 'v1', id, uncommitted: 0 },
    };
    const home = join(directory, 'cargo-home');
    await mkdir(home);
    const config = {
      ...loadConfig({ ...settings, KATA_BUILD_ISOLATION: 'no' }),
      kbsBuild: { cargo: await cargoWith(home), custom },
    };
    const artefact = join(directory, 'artefact');
    await mkdir(artefact);
    const context = { config, say: () => {}, signal: AbortSignal.timeout(120_000) };
    await builtKbs.make(artefact, context as unknown as StepContext);
    const { path: program, ...description } = await builtKbs.read(artefact);
    expect(await readFile(join(path, 'kbs/Cargo.toml'), 'utf8')).toBe(TRUSTEE['kbs/Cargo.toml']);
    return { printed: (await run([program])).stdout, description };
  });
}

test('a repository of KATA_KBS_REPO that cannot be fetched is reported in one line with the setting', async () => {
  await inTemporaryDirectory(join(tmpdir(), 'kata-cc-kbs-'), async (directory) => {
    const url = 'https://127.0.0.1:1/trustee';
    const snapshot = { repository: { kind: 'remote', url }, revision: 'v1', id: '1'.repeat(40), uncommitted: 0 };
    const config = {
      ...loadConfig({ KATA_CACHE_DIR: join(directory, 'cache'), KATA_KBS: 'source' }),
      kbsBuild: { cargo: { path: '/cargo', version: '1', env: {} }, custom: { name: `${url} at v1`, snapshot } },
    };
    const context = { config, say: () => {}, signal: AbortSignal.timeout(20_000) };
    await expect(builtKbs.make(directory, context as unknown as StepContext)).rejects.toThrow(
      /^KATA_KBS=source: cannot fetch https:\/\/127\.0\.0\.1:1\/trustee at v1: [^\n]+$/,
    );
  });
});

const CARGO = (await whyNoCargo()) ?? true;
const BUILD_MS = 180_000;

testWhere(CARGO)(
  'KATA_KBS=source builds the KBS with the sample verifier alone, and describes that',
  { timeout: BUILD_MS },
  async () => {
    const { description, printed } = await built('none');
    expect(printed).toBe('SNP false\n');
    expect(description).toMatchObject({
      name: 'kbs',
      source: 'trustee at v1',
      features: ['coco-as-builtin'],
      changes: expect.arrayContaining([
        "with the sample verifier alone, while kbs/Cargo.toml enables upstream's (KATA_KBS_VERIFIERS)",
      ]),
    });
  },
);

testWhere(CARGO)('KATA_KBS_VERIFIERS adds verifiers to the KBS', { timeout: BUILD_MS }, async () => {
  expect((await built('snp-verifier')).printed).toBe('SNP true\n');
});

testWhere(CARGO)("KATA_KBS_VERIFIERS=upstream builds upstream's verifiers", { timeout: BUILD_MS }, async () => {
  await expect(built('upstream')).rejects.toThrow('libraries of TEEs');
});

testWhere(CARGO)('a repository without a KBS is rejected with one line', { timeout: BUILD_MS }, async () => {
  await expect(built('none', { README: 'another project' })).rejects.toThrow(
    /^KATA_KBS=source: trustee at v1 has no kbs\/Cargo\.toml$/,
  );
});

testWhere(CARGO)('an unknown name in KATA_KBS_VERIFIERS is rejected with one line', { timeout: BUILD_MS }, async () => {
  await expect(built('snp')).rejects.toThrow(
    /^KATA_KBS_VERIFIERS=snp: this attestation service has no snp; its Cargo.toml declares all-verifier, snp-verifier; did you mean snp-verifier\?$/,
  );
});
