import type { RpcRecord } from './rpc-record.ts';

/** A recorded RPC call with its peer: the id of a sandbox or task. */
export interface RecordedCall extends RpcRecord {
  readonly peer: string;
}

/** Content of `evidence.json` in a test's evidence directory. This file and those beside it are redacted. */
export interface Evidence {
  readonly test: string;
  /** Start of the test, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** The shell command that runs the failed test again. */
  readonly reproduce: string;
  readonly guests: readonly GuestEvidence[];
  readonly calls: readonly RecordedCall[];
  readonly files: readonly EvidenceFile[];
}

/** A guest that existed when the test failed. */
export interface GuestEvidence {
  readonly sandboxId: string;
  readonly kernelParameters: string;
  /** Other test files that used the guest before, in order. */
  readonly before: readonly string[];
}

/** One evidence file beside `evidence.json`, such as a guest's console. */
export interface EvidenceFile {
  readonly name: string;
  readonly title: string;
  readonly kind: 'console' | 'parsed' | 'skopeo' | 'files' | 'host';
}

/** Evidence of a test with the text of its files, as embedded in the HTML report. */
export interface EvidenceBundle extends Evidence {
  readonly texts: Readonly<Record<string, string>>;
}

/** Name of the file that lists the other evidence files. */
export const EVIDENCE_INDEX = 'evidence.json';
