/**
 * Calls `tell` for one value after another, and of waiting values only for the last: while a window is resized, it has
 * many sizes, each is set over a connection of its own, and the last one must win. Rejects with the error of `tell` for
 * the value.
 */
export function latestOnly<In>(tell: (value: In) => Promise<unknown>): (value: In) => Promise<void> {
  let before: Promise<unknown> = Promise.resolve();
  let last: In;
  return (value) => {
    last = value;
    const told = before.then(async () => {
      if (last === value) await tell(value);
    });
    // The caller gets the error of its own call; the next call runs anyway.
    before = told.catch(() => {});
    return told;
  };
}
