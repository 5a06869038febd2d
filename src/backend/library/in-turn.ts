/**
 * Runs what it is given one after another: of files dropped together each is read, changed and written, and none of the
 * changes may be lost.
 */
export function inTurn(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }
}
