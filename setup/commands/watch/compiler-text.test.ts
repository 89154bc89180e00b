import { expect, test } from 'vitest';
import { ProvisionError } from '../../../helpers/errors.ts';
import { ExecError } from '../../../helpers/process/exec.ts';
import { compilerText } from './compiler-text.ts';

const STDERR = `    Updating crates.io index
   Compiling libc v0.2.177
warning: unused import
 --> src/rpc.rs:1:5
   Compiling kata-agent v0.1.0 (/kata/src/agent)
error[E0308]: mismatched types
 --> src/rpc.rs:7:5
  |
7 |     Compiling
  |     ^^^^^^^^^ expected \`()\`

error: could not compile \`kata-agent\` (bin "kata-agent") due to 1 previous error
`;

const failed = (command: readonly string[]): Error => {
  const cause = new ExecError('exited with 101', command, { stderr: STDERR, exitCode: 101 });
  return new ProvisionError('provision', 'set-up failed', { cause });
};

test("compilerText returns cargo's text of errors, without its progress and warnings", () => {
  expect(
    compilerText(failed(['/root/.cargo/bin/cargo', 'build', '--profile', 'dev'])),
  ).toBe(`error[E0308]: mismatched types
 --> src/rpc.rs:7:5
  |
7 |     Compiling
  |     ^^^^^^^^^ expected \`()\`

error: could not compile \`kata-agent\` (bin "kata-agent") due to 1 previous error`);
});

test('compilerText returns all of the text of a build without an error of its own', () => {
  const killed = new ExecError('was killed by SIGKILL', ['/root/.cargo/bin/cargo', 'build'], {
    stderr: '   Compiling libc v0.2\n',
  });
  expect(compilerText(killed)).toBe('Compiling libc v0.2');
});

test.for([[['make', 'src/version.rs']], [['/root/.cargo/bin/cargo', 'fetch']]])(
  'the failure of %j is no error of the compiler',
  ([command = []]) => {
    expect(compilerText(failed(command))).toBeUndefined();
  },
);
