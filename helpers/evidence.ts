import type { RpcRecord } from './rpc-record.ts';

/** A call, and who was asked: a sandbox or a task. */
export interface RecordedCall extends RpcRecord {
  readonly peer: string;
}

/** What `evidence.json` in the evidence directory of a test holds. No secret is in it, nor in the files beside it. */
export interface Evidence {
  readonly test: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** The command that runs this test again. */
  readonly reproduce: string;
  readonly guests: readonly GuestEvidence[];
  readonly calls: readonly RecordedCall[];
  readonly files: readonly EvidenceFile[];
}

/** A guest that was there. */
export interface GuestEvidence {
  readonly sandboxId: string;
  readonly kernelParameters: string;
  /** Files whose tests had it before the test's own file, in their order. */
  readonly before: readonly string[];
}

/** A file beside `evidence.json`. */
export interface EvidenceFile {
  readonly name: string;
  readonly title: string;
  readonly kind: 'console' | 'parsed' | 'skopeo' | 'files' | 'host';
}

/** Evidence with the text of its files, as the page carries it. */
export interface EvidenceBundle extends Evidence {
  readonly texts: Readonly<Record<string, string>>;
}

/** Name of the file that lists the others. */
export const EVIDENCE_INDEX = 'evidence.json';
