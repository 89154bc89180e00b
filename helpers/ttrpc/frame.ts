/**
 * Bytes of a ttrpc frame's header: length u32 BE, stream id u32 BE, type u8, flags u8. Source: containerd/ttrpc
 * PROTOCOL.md.
 */
export const HEADER_LENGTH = 10;

/** Largest payload of a ttrpc frame that either side may send, in bytes. */
export const MAX_PAYLOAD = 4 * 1024 * 1024;

export const MESSAGE_REQUEST = 1;
export const MESSAGE_RESPONSE = 2;
export const MESSAGE_DATA = 3;

/**
 * One ttrpc message. `payload` is absent if its announced length exceeds {@link MAX_PAYLOAD}: such a payload is read
 * and dropped.
 */
export interface Frame {
  readonly streamId: number;
  readonly type: number;
  readonly flags: number;
  /** Payload length in bytes, as announced in the frame's header. */
  readonly length: number;
  readonly payload: Buffer | undefined;
}

/** Encodes the header of a ttrpc frame with `length` payload bytes. */
export function encodeHeader(length: number, streamId: number, type: number, flags = 0): Buffer {
  return writeHeader(Buffer.allocUnsafe(HEADER_LENGTH), 0, length, streamId, type, flags);
}

/** Writes a ttrpc frame's header to `buffer` at the offset `at`, and returns `buffer`. */
export function writeHeader(
  buffer: Buffer,
  at: number,
  length: number,
  streamId: number,
  type: number,
  flags = 0,
): Buffer {
  buffer.writeUInt32BE(length, at);
  buffer.writeUInt32BE(streamId, at + 4);
  buffer[at + 8] = type;
  buffer[at + 9] = flags;
  return buffer;
}

/**
 * Splits a byte stream into ttrpc frames. It buffers one frame at most: an oversized payload is dropped as it arrives.
 * Every byte string is a valid prefix of some stream, so decoding never fails; the layer above reports invalid frames.
 */
export class FrameDecoder {
  readonly #header = Buffer.alloc(HEADER_LENGTH);
  #headerFilled = 0;
  #payload: Buffer | undefined;
  #remaining = 0;

  /** Number of bytes still missing from the current ttrpc frame; 0 between frames, where a stream may end. */
  get pending(): number {
    return this.#headerFilled === 0 ? 0 : HEADER_LENGTH - this.#headerFilled + this.#remaining;
  }

  /**
   * Returns the ttrpc frames that `chunk` completes. A payload that is completely within `chunk` is a view, not a copy.
   */
  push(chunk: Buffer): Frame[] {
    const frames: Frame[] = [];
    let at = 0;
    while (at < chunk.length || (this.#headerFilled === HEADER_LENGTH && this.#remaining === 0)) {
      if (this.#headerFilled < HEADER_LENGTH) {
        const taken = chunk.copy(this.#header, this.#headerFilled, at);
        this.#headerFilled += taken;
        at += taken;
        if (this.#headerFilled < HEADER_LENGTH) break;
        this.#remaining = this.#header.readUInt32BE(0);
        this.#payload = undefined;
      }
      const length = this.#header.readUInt32BE(0);
      const available = Math.min(this.#remaining, chunk.length - at);
      if (length <= MAX_PAYLOAD) this.#take(chunk, at, available, length);
      at += available;
      this.#remaining -= available;
      if (this.#remaining > 0) break;
      this.#headerFilled = 0;
      frames.push(this.#finish(length));
    }
    return frames;
  }

  #take(chunk: Buffer, at: number, available: number, length: number): void {
    if (available === length) {
      this.#payload = chunk.subarray(at, at + length);
      return;
    }
    // The payload buffer is allocated with the first payload byte, so that a peer that floods us with headers costs no
    // memory.
    if (available === 0) return;
    this.#payload ??= Buffer.allocUnsafe(length);
    chunk.copy(this.#payload, length - this.#remaining, at, at + available);
  }

  #finish(length: number): Frame {
    const payload = this.#payload;
    this.#payload = undefined;
    return {
      streamId: this.#header.readUInt32BE(4),
      type: this.#header.readUInt8(8),
      flags: this.#header.readUInt8(9),
      length,
      payload,
    };
  }
}
