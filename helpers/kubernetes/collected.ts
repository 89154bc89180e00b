import { Writable } from 'node:stream';

/** Collects what a process in a pod writes, as text. */
export class Collected extends Writable {
  readonly #chunks: Buffer[] = [];

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }

  /** Everything written so far. */
  get text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}
