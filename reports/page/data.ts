import type { EvidenceBundle } from '../../helpers/contract/evidence.ts';
import type { RunReport } from '../model.ts';

/** The report that is embedded in the page as JSON. */
export function readReport(): RunReport {
  return JSON.parse(document.getElementById('report')?.textContent ?? '{}') as RunReport;
}

/** Unpacks the evidence of a test by name; `undefined` if the page has none. */
export async function readEvidence(name: string): Promise<EvidenceBundle | undefined> {
  const packed = document.getElementById(`evidence-${name}`)?.textContent;
  if (!packed) return undefined;
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return (await new Response(stream).json()) as EvidenceBundle;
}
