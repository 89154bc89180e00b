/**
 * Calls by stream id. Not a `Map`: V8 links the tables a Map has outgrown to each other, so that one of them in the old
 * generation keeps all that later ones ever held from being collected cheaply. Under load that cost as much as the rest
 * of a call.
 */
export class InFlight<Call> {
  #calls: Record<number, Call> = Object.create(null);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(streamId: number, call: Call): void {
    this.#calls[streamId] = call;
    this.#size += 1;
  }

  /** Takes a call out; `undefined` when there is none by that id. */
  take(streamId: number): Call | undefined {
    const call = this.#calls[streamId];
    if (call === undefined) return undefined;
    delete this.#calls[streamId];
    this.#size -= 1;
    return call;
  }

  /** All there are, oldest first; they stay. */
  entries(): (readonly [streamId: number, call: Call])[] {
    return Object.entries(this.#calls).map(([streamId, call]) => [Number(streamId), call]);
  }
}
