// Text that was written and not saved yet. This tab keeps it until it is saved or thrown away: through a failing network, a
// session that ends, and a reload. It goes with the tab, and whoever signs out leaves none behind.
import { useEffect, useState } from "react"
import { isRecord } from "./api"

const KEPT = "turbo-draft:"
const open = new Set<string>()

type Draft = { text: string; version: number | undefined }

function kept(name: string): Draft | undefined {
  const read: unknown = JSON.parse(sessionStorage.getItem(KEPT + name) ?? "null")
  if (!isRecord(read) || typeof read.text !== "string") return undefined
  return { text: read.text, version: typeof read.version === "number" ? read.version : undefined }
}

export function hasDraft(name: string): boolean {
  return kept(name) !== undefined
}

export function dropDrafts(): void {
  for (const name of Object.keys(sessionStorage)) if (name.startsWith(KEPT)) sessionStorage.removeItem(name)
  open.clear()
  window.removeEventListener("beforeunload", warn)
}

/** What is being written, begun from `text` at that version of the item; what was kept goes on from the version that it was
 * begun from, so that whatever was saved since is not overwritten. Leaving the page while it differs is warned of. */
export function useDraft(name: string, text: string, version: number | undefined) {
  const [before] = useState(() => kept(name))
  const [draft, setDraft] = useState(before?.text ?? text)
  const from = before ? before.version : version
  const isChanged = draft !== text
  useEffect(() => {
    if (isChanged) keep(name, { text: draft, version: from })
    else sessionStorage.removeItem(KEPT + name)
  }, [name, draft, from, isChanged])
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
  return { draft, setDraft, isChanged, wasKept: before !== undefined, version: from, drop }
}

function keep(name: string, draft: Draft): void {
  try {
    sessionStorage.setItem(KEPT + name, JSON.stringify(draft))
  } catch {
    // Full: the text is still in its field, and leaving the page is warned of.
  }
}

function warn(event: BeforeUnloadEvent): void {
  event.preventDefault()
}
