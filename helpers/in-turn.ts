/**
 * Has values told one after the other, and of those that wait only the last: a window that is dragged has many sizes, each is
 * told over a connection of its own, and the one it ends with has to hold. Rejects as `tell` did for that value.
 */
export function inTurn<In>(tell: (value: In) => Promise<unknown>): (value: In) => Promise<void> {
  let before: Promise<unknown> = Promise.resolve();
  let last: In;
  return (value) => {
    last = value;
    const told = before.then(async () => {
      if (last === value) await tell(value);
    });
    // Whoever asked hears of it; the next one does not wait in vain.
    before = told.catch(() => {});
    return told;
  };
}
