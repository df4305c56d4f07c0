// The keyboard: which key does what, told to the help sheet by the same list that acts on it.
import { useEffect, useRef } from "react"

/** `isOn: false`: it is named in the help sheet and does nothing right now, such as opening what is not selected. */
export type Binding = { keys: string; does: string; run: () => void; isOn?: boolean }
type Bound = { group: string; current: readonly Binding[] }

const OPEN = "[role=dialog], [role=menu], .coming"

// Of all components that are shown: two keys in a row mean one thing, whichever of them knows the second key alone.
const bound = new Set<Bound>()
let before = ""

/** Single keys, and two in a row such as "g i". Not while somebody types, nor in a dialog or menu. */
export function useKeys(bindings: Binding[], group = "Everywhere"): void {
  const mine = useRef<Bound>({ group, current: bindings })
  useEffect(() => {
    mine.current.current = bindings
  })
  useEffect(() => {
    const { current } = mine
    if (!bound.size) window.addEventListener("keydown", press)
    bound.add(current)
    return () => {
      bound.delete(current)
      if (!bound.size) window.removeEventListener("keydown", press)
    }
  }, [])
}

/** What the keys do on the page that is shown, a list for each group. */
export function keysNow(): ReadonlyMap<string, readonly Binding[]> {
  const groups = new Map<string, Map<string, Binding>>()
  for (const { group, current } of bound) {
    const named = groups.get(group) ?? new Map<string, Binding>()
    for (const each of current) if (!named.has(each.keys)) named.set(each.keys, each)
    if (named.size) groups.set(group, named)
  }
  return new Map([...groups].map(([group, named]) => [group, [...named.values()]]))
}

function press(event: KeyboardEvent) {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || isBusy(event.target)) return
  if (event.key === "Shift" || (event.key === "Enter" && isPressed(event.target))) return
  const meant = binding(`${before} ${event.key}`) ?? binding(event.key)
  before = meant ? "" : event.key
  if (!meant) return
  event.preventDefault()
  meant.run()
}

function binding(keys: string): Binding | undefined {
  for (const { current } of bound) {
    const found = current.find((each) => each.isOn !== false && each.keys.split(", ").includes(keys))
    if (found) return found
  }
  return undefined
}

function isBusy(target: EventTarget | null): boolean {
  if ([...document.querySelectorAll(OPEN)].some((each) => each.checkVisibility())) return true // others belong to a page that waits hidden
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

/** Whether Enter has a meaning of its own where the focus is. */
function isPressed(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("button, a, summary, [role=button]") !== null
}
