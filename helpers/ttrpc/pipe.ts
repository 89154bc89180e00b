import type { Duplex } from 'node:stream';
import type { Encoded } from './envelope.ts';
import { type Frame, FrameDecoder } from './frame.ts';
import { WriteBatch } from './write-batch.ts';

/** Callbacks of a frame pipe. `onClosed` is called once, with the cause unless the stream ended cleanly. */
export interface PipeEvents {
  onFrame(frame: Frame): void;
  onClosed(cause: Error | undefined): void;
}

/**
 * ttrpc frames over a byte stream, for client and server. Frames sent within one turn of the event loop are written at
 * once; reading pauses while the peer does not read our output, so a flood of requests cannot fill our memory.
 */
export class FramePipe {
  readonly #stream: Duplex;
  readonly #decoder = new FrameDecoder();
  /** Frames to write at the end of this turn of the event loop. */
  readonly #batch = new WriteBatch();
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
    if (this.#batch.empty) process.nextTick(flush, this);
    this.#batch.add(streamId, type, message);
  }

  /** Writes the ttrpc frames that were sent in this turn of the event loop. */
  flush(): void {
    if (!this.#open) return;
    const [first, ...others] = this.#batch.take();
    if (first === undefined) return;
    if (others.length > 0) this.#stream.cork();
    this.#stream.write(first);
    for (const chunk of others) this.#stream.write(chunk);
    if (others.length > 0) this.#stream.uncork();
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
