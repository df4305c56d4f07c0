// Whoever opens a menu by a key goes on typing at once. While its part of the program is on its way, what is typed is
// kept for it.
import { type RefObject, useLayoutEffect, useRef, useState } from "react"

const SORTED = 50 // milliseconds

let kept = ""
let isEntered = false

/** Hears what is typed, as long as it is used. */
export function useKeeping(): void {
  useLayoutEffect(() => {
    window.addEventListener("keydown", keep, { capture: true })
    return () => window.removeEventListener("keydown", keep, { capture: true })
  }, [])
}

function keep(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || isEntered) return
  if (event.key.length === 1) kept += event.key
  else if (event.key === "Backspace") kept = kept.slice(0, -1)
  else if (event.key === "Enter") isEntered = true
  else return
  event.preventDefault()
  event.stopPropagation()
}

/** What was typed meanwhile, once. When what shows it stands, and not before: until then more may come. */
export function takeTyped(): { text: string; isEntered: boolean } {
  const taken = { text: kept, isEntered }
  kept = ""
  isEntered = false
  return taken
}

/** The text of a menu's field, which begins with what was typed meanwhile; and Enter, if that was pressed too. */
export function useTyped(): { typed: string; setTyped: (text: string) => void; field: RefObject<HTMLInputElement | null> } {
  const [typed, setTyped] = useState("")
  const field = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => {
    const { text, isEntered } = takeTyped()
    if (text) setTyped(text)
    // Once the menu has sorted out what fits.
    if (isEntered) window.setTimeout(() => field.current?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true })), SORTED)
  }, [])
  return { typed, setTyped, field }
}
