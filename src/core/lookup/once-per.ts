/**
 * A function whose answer for an object is computed at the first call and kept as long as the object lives: indexes and
 * summaries of plain data that never changes, asked for again and again while a slider moves.
 */
export function oncePer<Key extends object, Value extends object>(
  build: (key: Key) => Value,
): (key: Key) => Value {
  const kept = new WeakMap<Key, Value>()
  return (key) => {
    let value = kept.get(key)
    if (value === undefined) {
      value = build(key)
      kept.set(key, value)
    }
    return value
  }
}
