"use client"
// From an item to the mentors, with the item as what the question is about.
import { MessagesSquare } from "lucide-react"
import { useShell } from "./shell-context"

export function AskAbout({ itemKey }: { itemKey: string }) {
  const { ask, me } = useShell()
  if (me.key.scope === "read") return null
  return (
    <button className="button" aria-label={`Ask a mentor about ${itemKey}`} title={`Ask a mentor about ${itemKey} (m)`} onClick={() => ask({ about: itemKey })}>
      <MessagesSquare size={14} aria-hidden /> <span className="spare">Ask a mentor</span>
    </button>
  )
}
