/**
 * Makes this process exit with 1, and one line on stderr, if a part of its output cannot be written: Node.js ignores a
 * failed `console.log`, and a script would take the lost output for an empty one. A closed pipe is no failure: the reader,
 * such as `head`, has what it wants.
 */
export function reportLostOutput(): void {
  let lost: NodeJS.ErrnoException | undefined;
  process.stdout.on('error', (error) => {
    lost ??= error;
  });
  process.on('exit', () => {
    // The event follows the failed write only later, which an explicit exit, as after --help, does not await. After the
    // event, Node.js resets `errored`.
    const error: NodeJS.ErrnoException | null = lost ?? process.stdout.errored;
    if (!error || error.code === 'EPIPE') return;
    console.error(`cannot write the output: ${error.message}`);
    process.exitCode ||= 1;
  });
}
