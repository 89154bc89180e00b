/**
 * The version of a program of guest-components, from its output for `--version`: `attestation-agent v0.21.0-304c21f2`; `undefined` for
 * the output of another program. Source: clap, which prints the crate's name first, and build.rs of api-server-rest.
 */
export function parseComponentVersion(name: string, output: string): string | undefined {
  const [line = ''] = output.split('\n', 1);
  if (!line.startsWith(`${name} `)) return undefined;
  return line
    .slice(name.length)
    .replace(/^ Guest Components Version:/, '')
    .trim();
}
