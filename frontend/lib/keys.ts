// The keyboard: which key does what, told to the help sheet by the same list that acts on it.
import { useEffect, useRef } from "react"

export type Binding = { keys: string; does: string; run: () => void }

/** Single keys, and two in a row such as "g i". Not while somebody types, nor in a dialog or menu. */
export function useKeys(bindings: Binding[]): void {
  const current = useRef(bindings)
  useEffect(() => {
    current.current = bindings
  })
  useEffect(() => {
    let before = ""
    function press(event: KeyboardEvent) {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || isBusy(event.target)) return
      const both = `${before} ${event.key}`
      const meant = current.current.find(({ keys }) => keys.split(", ").some((each) => each === both || each === event.key))
      before = meant ? "" : event.key
      if (!meant) return
      event.preventDefault()
      meant.run()
    }
    window.addEventListener("keydown", press)
    return () => window.removeEventListener("keydown", press)
  }, [])
}

function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector("[role=dialog], [role=menu]")) return true
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}
