/**
 * The ttrpc calls in flight, by stream id. Not a `Map`: V8 links the hash tables that a Map has outgrown, so that one
 * of them in the old generation prevents cheap collection of everything that later ones ever held. Under load that cost
 * as much as the rest of a call.
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

  /** Removes and returns the call with this stream id; `undefined` if the id is unknown. */
  take(streamId: number): Call | undefined {
    const call = this.#calls[streamId];
    if (call === undefined) return undefined;
    delete this.#calls[streamId];
    this.#size -= 1;
    return call;
  }

  /** All calls in flight, oldest first. */
  entries(): (readonly [streamId: number, call: Call])[] {
    return Object.entries(this.#calls).map(([streamId, call]) => [Number(streamId), call]);
  }
}
