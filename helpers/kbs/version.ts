/**
 * The version of a KBS, from the output of `kbs --version`: the welcome that a KBS logs first, and `kbs VERSION`; `undefined` for the
 * output of another program. Source: kbs/src/bin/kbs.rs of trustee.
 */
export function parseKbsVersion(output: string): string | undefined {
  return /Key Broker Service!/.test(output) ? /^kbs (\S+)$/m.exec(output)?.[1] : undefined;
}
