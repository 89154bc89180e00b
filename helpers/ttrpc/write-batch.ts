import { type Encoded, encodedLength } from './envelope.ts';
import { HEADER_LENGTH, writeHeader } from './frame.ts';

/** Payloads of up to this many bytes are copied behind their header: one larger write is cheaper than two. */
const COPIED = 4_096;
const SLAB_LENGTH = 65_536;

/**
 * ttrpc frames that are written together. Frames without a large payload follow each other in one slab of memory, so
 * that most batches are one chunk and no frame needs memory of its own.
 */
export class WriteBatch {
  #chunks: Uint8Array[] = [];
  /** The slab's memory from the last complete chunk on; frames are in its first {@link #used} bytes. */
  #slab: Buffer = Buffer.alloc(0);
  #used = 0;

  get empty(): boolean {
    return this.#used === 0 && this.#chunks.length === 0;
  }

  /** Adds a frame. A large payload is not copied: the caller must not change it until it has been written. */
  add(streamId: number, type: number, message: Encoded): void {
    const [head, payload] = message;
    const large = payload.length > COPIED;
    const length = HEADER_LENGTH + head.length + (large ? 0 : payload.length);
    if (this.#slab.length - this.#used < length) this.#newSlab(length);
    const body = this.#used + HEADER_LENGTH;
    writeHeader(this.#slab, this.#used, encodedLength(message), streamId, type);
    this.#slab.set(head, body);
    if (!large) this.#slab.set(payload, body + head.length);
    this.#used += length;
    if (!large) return;
    this.#endChunk();
    this.#chunks.push(payload);
  }

  /** Removes and returns everything added so far, in order. */
  take(): readonly Uint8Array[] {
    this.#endChunk();
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks;
  }

  #newSlab(length: number): void {
    this.#endChunk();
    this.#slab = Buffer.allocUnsafeSlow(Math.max(SLAB_LENGTH, length));
  }

  /** Ends the chunk in the slab. Its memory is not used again, since the stream may not have written it yet. */
  #endChunk(): void {
    if (this.#used === 0) return;
    this.#chunks.push(this.#slab.subarray(0, this.#used));
    this.#slab = this.#slab.subarray(this.#used);
    this.#used = 0;
  }
}
