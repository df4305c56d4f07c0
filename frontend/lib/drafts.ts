// Text that was written and not saved yet. This tab keeps it until it is saved or thrown away: through a failing network, a
// session that ends, and a reload. It goes with the tab, and whoever signs out leaves none behind.
import { useEffect, useState } from "react"

const KEPT = "turbo-draft:"
const open = new Set<string>()

export function hasDraft(name: string): boolean {
  return sessionStorage.getItem(KEPT + name) !== null
}

export function dropDrafts(): void {
  for (const name of Object.keys(sessionStorage)) if (name.startsWith(KEPT)) sessionStorage.removeItem(name)
}

/** What is being written, begun from `text`. Leaving the page while it differs is warned of. */
export function useDraft(name: string, text: string) {
  const [kept] = useState(() => sessionStorage.getItem(KEPT + name))
  const [draft, setDraft] = useState(kept ?? text)
  const isChanged = draft !== text
  useEffect(() => {
    if (isChanged) keep(name, draft)
    else sessionStorage.removeItem(KEPT + name)
  }, [name, draft, isChanged])
  useEffect(() => {
    if (!isChanged) return
    open.add(name)
    window.addEventListener("beforeunload", warn)
    return () => {
      open.delete(name)
      if (!open.size) window.removeEventListener("beforeunload", warn)
    }
  }, [name, isChanged])
  function drop() {
    sessionStorage.removeItem(KEPT + name)
    setDraft(text)
  }
  return { draft, setDraft, isChanged, wasKept: kept !== null && kept !== text, drop }
}

function keep(name: string, draft: string): void {
  try {
    sessionStorage.setItem(KEPT + name, draft)
  } catch {
    // Full: the text is still in its field, and leaving the page is warned of.
  }
}

function warn(event: BeforeUnloadEvent): void {
  event.preventDefault()
}
