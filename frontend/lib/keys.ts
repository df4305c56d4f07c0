// The keyboard: which key does what, told to the help sheet by the same list that acts on it.
import { useEffect, useRef } from "react"

export type Binding = { keys: string; does: string; run: () => void }
type Bound = { current: readonly Binding[] }

// Of all components that are shown: two keys in a row mean one thing, whichever of them knows the second key alone.
const bound = new Set<Bound>()
let before = ""

/** Single keys, and two in a row such as "g i". Not while somebody types, nor in a dialog or menu. */
export function useKeys(bindings: Binding[]): void {
  const current = useRef(bindings)
  useEffect(() => {
    current.current = bindings
  })
  useEffect(() => {
    if (!bound.size) window.addEventListener("keydown", press)
    bound.add(current)
    return () => {
      bound.delete(current)
      if (!bound.size) window.removeEventListener("keydown", press)
    }
  }, [])
}

function press(event: KeyboardEvent) {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || isBusy(event.target)) return
  if (event.key === "Shift") return
  const meant = binding(`${before} ${event.key}`) ?? binding(event.key)
  before = meant ? "" : event.key
  if (!meant) return
  event.preventDefault()
  meant.run()
}

function binding(keys: string): Binding | undefined {
  for (const { current } of bound) {
    const found = current.find((each) => each.keys.split(", ").includes(keys))
    if (found) return found
  }
  return undefined
}

function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector("[role=dialog], [role=menu]")) return true
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}
