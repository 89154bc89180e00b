import type { Duplex } from 'node:stream';
import { encodeHeader, type Frame, FrameDecoder } from './frame.ts';

/** What a connection does with what arrives. `onClosed` is called once, with the cause if it was not a clean end. */
export interface PipeEvents {
  onFrame(frame: Frame): void;
  onClosed(cause: Error | undefined): void;
}

/**
 * Frames over a byte stream, either side. Frames sent within one turn of the event loop leave in one write; reading
 * pauses while the peer does not take what we have written, so a flood cannot fill our memory.
 */
export class FramePipe {
  readonly #stream: Duplex;
  readonly #decoder = new FrameDecoder();
  #corked = false;
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

  send(streamId: number, type: number, payload: Uint8Array): void {
    if (!this.#open) return;
    if (!this.#corked) {
      this.#corked = true;
      this.#stream.cork();
      process.nextTick(() => {
        this.#corked = false;
        this.#stream.uncork();
      });
    }
    this.#stream.write(encodeHeader(payload.length, streamId, type));
    if (payload.length > 0) this.#stream.write(payload);
  }

  /** Ends the connection; what was sent before is delivered first. */
  async close(): Promise<void> {
    if (this.#stream.closed) return;
    const closed = new Promise<void>((resolve) => this.#stream.once('close', resolve));
    if (this.#stream.writableLength === 0) this.#stream.destroy();
    else this.#stream.end(() => this.#stream.destroy());
    await closed;
  }
}
