import type { Duplex } from 'node:stream';
import { type Encoded, encodedLength } from './envelope.ts';
import { type Frame, FrameDecoder, HEADER_LENGTH, writeHeader } from './frame.ts';

/** Callbacks of a frame pipe. `onClosed` is called once, with the cause unless the stream ended cleanly. */
export interface PipeEvents {
  onFrame(frame: Frame): void;
  onClosed(cause: Error | undefined): void;
}

/** Payloads of up to this many bytes are copied behind their header: one larger write is cheaper than two. */
const COPIED = 4_096;

/**
 * ttrpc frames over a byte stream, for client and server. Frames sent within one turn of the event loop are written at
 * once; reading pauses while the peer does not read our output, so a flood of requests cannot fill our memory.
 */
export class FramePipe {
  readonly #stream: Duplex;
  readonly #decoder = new FrameDecoder();
  /** Chunks to write at the end of this turn of the event loop. */
  #batch: Uint8Array[] = [];
  /** Whether the batch contains a payload above {@link COPIED}, which is not copied. */
  #large = false;
  #open = true;

  constructor(stream: Duplex, events: PipeEvents) {
    this.#stream = stream;
    let failure: Error | undefined;
    stream.on('data', (chunk: Buffer) => {
      for (const frame of this.#decoder.push(chunk)) events.onFrame(frame);
      if (stream.writableNeedDrain) stream.pause();
    });
    stream.on('drain', () => stream.resume());
    stream.once('error', (error) => {
      failure = error;
    });
    stream.once('end', () => stream.destroy());
    stream.once('close', () => {
      this.#open = false;
      const cut = this.#decoder.pending;
      events.onClosed(
        failure ?? (cut > 0 ? new Error(`the stream ended ${cut} bytes before the end of a frame`) : undefined),
      );
    });
  }

  /** Sends a ttrpc message. A large payload is not copied: the caller must not change it until it has been written. */
  send(streamId: number, type: number, message: Encoded): void {
    if (!this.#open) return;
    const [head, payload] = message;
    const large = payload.length > COPIED;
    const frame = Buffer.allocUnsafe(HEADER_LENGTH + head.length + (large ? 0 : payload.length));
    writeHeader(frame, encodedLength(message), streamId, type).set(head, HEADER_LENGTH);
    if (!large) frame.set(payload, HEADER_LENGTH + head.length);
    if (this.#batch.length === 0) process.nextTick(flush, this);
    this.#batch.push(frame);
    if (!large) return;
    this.#batch.push(payload);
    this.#large = true;
  }

  /** Writes the ttrpc frames that were sent in this turn of the event loop. */
  flush(): void {
    const [batch, large] = [this.#batch, this.#large];
    if (batch.length === 0 || !this.#open) return;
    this.#batch = [];
    this.#large = false;
    if (!large) {
      this.#stream.write(batch.length === 1 ? batch[0] : Buffer.concat(batch));
      return;
    }
    this.#stream.cork();
    for (const part of batch) this.#stream.write(part);
    this.#stream.uncork();
  }

  /** Ends the connection after delivering everything that was sent. */
  async close(): Promise<void> {
    this.flush();
    if (this.#stream.closed) return;
    const closed = new Promise<void>((resolve) => this.#stream.once('close', resolve));
    if (this.#stream.writableLength === 0) this.#stream.destroy();
    else this.#stream.end(() => this.#stream.destroy());
    await closed;
  }
}

function flush(pipe: FramePipe): void {
  pipe.flush();
}
