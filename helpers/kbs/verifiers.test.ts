import { expect, test } from 'vitest';
import { parseToml, valueAt } from '../text/toml-read.ts';
import { whyUnknownVerifier, withVerifiers } from './verifiers.ts';

const MANIFEST = `[package]
name = "kbs"

[dependencies]
anyhow.workspace = true

[target.'cfg(not(target_arch = "s390x"))'.dependencies]
attestation-service = { path = "../attestation-service", default-features = false, features = [
    "all-verifier",
], optional = true }

[target.'cfg(target_arch = "s390x")'.dependencies]
attestation-service = { path = "../attestation-service", default-features = false, features = [
    "snp-verifier",
    "se-verifier",
], optional = true }
`;

const dependency = (manifest: string, platform: string): unknown =>
  valueAt(parseToml(manifest), ['target', platform, 'dependencies', 'attestation-service']);

test.for([[[]], [['snp-verifier', 'tdx-verifier']]])(
  'withVerifiers replaces the verifiers of every platform by %j and nothing else',
  ([verifiers = []]) => {
    const changed = withVerifiers(MANIFEST, verifiers);
    for (const platform of ['cfg(not(target_arch = "s390x"))', 'cfg(target_arch = "s390x")']) {
      expect(dependency(changed, platform)).toEqual({
        path: '../attestation-service',
        'default-features': false,
        features: verifiers,
        optional: true,
      });
    }
    expect(changed.replaceAll(/features = \[[^\]]*\]/g, '')).toBe(MANIFEST.replaceAll(/features = \[[^\]]*\]/g, ''));
  },
);

test('withVerifiers replaces the verifiers of a dependency for all platforms', () => {
  const plain = '[dependencies]\nattestation-service = { path = "a", features = ["all-verifier"] }\n';
  expect(withVerifiers(plain, [])).not.toContain('all-verifier');
});

test('withVerifiers rejects a manifest that names no verifiers', () => {
  const older = '[dependencies]\nattestation-service = { path = "../attestation-service", optional = true }\n';
  expect(() => withVerifiers(older, [])).toThrow('kbs/Cargo.toml names no verifiers of attestation-service');
});

test('an unknown verifier is rejected with those that the attestation service declares', () => {
  const declared = ['default', 'all-verifier', 'snp-verifier', 'tdx-verifier'];
  expect(whyUnknownVerifier(['snp-verifier'], declared)).toBeUndefined();
  expect(whyUnknownVerifier([], declared)).toBeUndefined();
  expect(whyUnknownVerifier(['tdx-verifier', 'snp'], declared)).toBe(
    'this attestation service has no snp; its Cargo.toml declares all-verifier, snp-verifier, tdx-verifier; did you mean snp-verifier?',
  );
});
