import { expect, test } from 'vitest';
import { failedCrate, isOfSource, missingPackage, parseUpdate, rejectsLocked } from './cargo.ts';

test('failedCrate finds the dependency that cargo cannot compile, with its version if the errors contain it', () => {
  expect(failedCrate('   Compiling x\nerror: could not compile `proc-macro2` (lib) due to 1 previous error\n')).toBe(
    'proc-macro2',
  );
  expect(failedCrate('error: failed to run custom build command for `ring v0.16.20`\n')).toBe('ring@0.16.20');
  const error =
    ' --> /registry/src/index/time-0.3.20/src/format.rs:1\nerror: could not compile `time` (lib) due to 1 error';
  expect(failedCrate(error)).toBe('time@0.3.20');
  expect(failedCrate('error: failed to get `image-rs` as a dependency of package `kata-agent`')).toBeUndefined();
});

test('parseUpdate describes the update of a crate by the old and the new version', () => {
  const stderr = '    Updating crates.io index\n    Updating time v0.3.20 -> v0.3.47\n';
  expect(parseUpdate(stderr, 'time')).toBe('cargo update --package time: 0.3.20 to 0.3.47');
  expect(parseUpdate('     Locking 0 packages', 'time')).toBeUndefined();
});

test('missingPackage names the Debian package whose absence causes a cargo build error', () => {
  const said = "thread 'main' panicked at bindgen-0.63.0/lib.rs:\nUnable to find libclang: \"couldn't find any\"\n";
  expect(missingPackage(said)).toBe('libclang-dev');
  expect(missingPackage('error: could not compile `time` (lib) due to 1 previous error\n')).toBeUndefined();
});

test.for([
  ['error: cannot update the lock file /x/Cargo.lock because --locked was passed to prevent this', true],
  ['error: the lock file /x/Cargo.lock needs to be updated but --locked was passed to prevent this', true],
  ['error: could not compile `time` (lib) due to 1 previous error', false],
] as const)('rejectsLocked of "%s" is %s', ([stderr, rejects]) => {
  expect(rejectsLocked(`    Updating crates.io index\n${stderr}\nhelp: x\n`)).toBe(rejects);
});

test.for([
  ['an error in the source itself', 'error[E0308]: mismatched types\n   --> src/rpc.rs:7:5\n', true],
  ['a syntax error in the source itself', 'error: expected `;`, found `}`\n --> src/agent/src/main.rs:7:5\n', true],
  [
    'an error in a dependency',
    'error[E0282]: type annotations needed\n  --> /root/.cargo/registry/src/i/time-0.3.20/a.rs:83:9\n',
    false,
  ],
  [
    'a warning in the source and an error in a dependency',
    'warning: unused\n --> src/rpc.rs:1:5\nerror[E0282]: type annotations needed\n  --> /root/.cargo/registry/src/i/time-0.3.20/a.rs:83:9\n',
    false,
  ],
  ['an error without a place', 'error: could not compile `time` (lib) due to 1 previous error\n', false],
] as const)('isOfSource recognises %s', ([_, stderr, expected]) => {
  expect(isOfSource(stderr)).toBe(expected);
});
