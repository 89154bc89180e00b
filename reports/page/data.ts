import type { EvidenceBundle } from '../../helpers/contract/evidence.ts';

/** The data that are embedded in the page as JSON. */
export function embedded<Data>(): Data {
  return JSON.parse(document.getElementById('report')?.textContent ?? '{}') as Data;
}

/** Unpacks the evidence of a test by name; `undefined` if the page has none. */
export async function readEvidence(name: string): Promise<EvidenceBundle | undefined> {
  const packed = document.getElementById(`evidence-${name}`)?.textContent;
  if (!packed) return undefined;
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return (await new Response(stream).json()) as EvidenceBundle;
}
