import type { EvidenceBundle } from '../../helpers/evidence.ts';
import type { RunReport } from '../model.ts';

/** The run, which the page carries as JSON. */
export function readReport(): RunReport {
  return JSON.parse(document.getElementById('report')?.textContent ?? '{}') as RunReport;
}

/** Evidence by name: unpacked when it is asked for, not before; `undefined` when the page has none. */
export async function readEvidence(name: string): Promise<EvidenceBundle | undefined> {
  const packed = document.getElementById(`evidence-${name}`)?.textContent;
  if (!packed) return undefined;
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return (await new Response(stream).json()) as EvidenceBundle;
}
