// Which element of a long list shows which of its items. Scrolling makes no element and throws none away: one whose item
// went out of sight shows the next that came into it. That is a fraction of the work, and nothing is left to collect.

export type Place<Item> = { slot: number; item: Item }
type Keyed = { key: string | number | bigint }

/**
 * The places of the items, each in the slot that it had. While it moves, the elements stand in the order that they had,
 * since to move one costs as much as to make it; at rest they stand as the items do, as the Tab key and readers go.
 */
export function reused<Item extends Keyed>(before: readonly Place<Item>[], items: readonly Item[], isMoving: boolean): Place<Item>[] {
  const had = new Map(before.map(({ slot, item }) => [item.key, slot]))
  const shown = new Set(items.map(({ key }) => key))
  const free = before.filter(({ item }) => !shown.has(item.key)).map(({ slot }) => slot)
  let next = 1 + Math.max(-1, ...had.values())
  const places = items.map((item) => ({ slot: had.get(item.key) ?? free.shift() ?? next++, item }))
  if (!isMoving) return places
  const stood = new Map(before.map(({ slot }, at) => [slot, at]))
  const at = ({ slot }: Place<Item>) => stood.get(slot) ?? before.length
  return places.sort((one, other) => at(one) - at(other))
}
