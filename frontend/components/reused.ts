// Which element of a long list shows which of its items. Scrolling makes no element and throws none away: one whose item
// went out of sight shows the next that came into it. That is a fraction of the work, and nothing is left to collect.

export type Place<Item> = { slot: number; item: Item }
type Keyed = { key: string | number | bigint }

/**
 * The places of the items, each in the slot that it had. While it moves, the elements stand in the order that they had,
 * since to move one costs as much as to make it; at rest they stand as the items do, as the Tab key and readers go.
 */
export function reused<Item extends Keyed>(before: readonly Place<Item>[], items: readonly Item[], isMoving: boolean): Place<Item>[] {
  const coming = new Map(items.map((item) => [item.key, item]))
  const staying = new Map<number, Item>()
  for (const { slot, item } of before) {
    const same = coming.get(item.key)
    if (!same) continue
    staying.set(slot, same)
    coming.delete(item.key)
  }
  const fresh = [...coming.values()]
  const places = before.flatMap(({ slot }) => {
    const item = staying.get(slot) ?? fresh.shift()
    return item ? [{ slot, item }] : []
  })
  const next = 1 + Math.max(-1, ...before.map(({ slot }) => slot))
  places.push(...fresh.map((item, more) => ({ slot: next + more, item })))
  return isMoving ? places : places.sort((one, other) => items.indexOf(one.item) - items.indexOf(other.item))
}
