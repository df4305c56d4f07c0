"use client"
// Changing an item: the version that was read goes along, and what somebody else changed meanwhile is shown, never overwritten.
import { useState } from "react"
import { type Answer, type Arguments, call, isRefused, type ToolName } from "@/lib/api"
import { useRefresh } from "@/lib/data"
import { useNotices } from "./notices"
import { useShell } from "./shell-context"

export type Whole = Answer<"get_item">
export type Fields = Record<string, unknown>
export type ConflictFound = { key: string; mine: Fields; theirs: Record<string, unknown>; keepMine: (fields: Fields) => Promise<void>; keepTheirs: () => void }

/** The tool that changes items of that kind; none: they are not changed here. */
const UPDATES: Record<string, Extract<ToolName, `update_${string}`>> = {
  issue: "update_issue", initiative: "update_initiative", milestone: "update_milestone", decision: "update_decision", document: "update_document",
}

export function useItemEdit(item: Whole) {
  const { me } = useShell()
  const { fail } = useNotices()
  const refresh = useRefresh()
  const [conflict, setConflict] = useState<ConflictFound>()
  const tool = UPDATES[item.kind]
  const canWrite = me.key.scope !== "read" && !item.archived_at

  /** Whether it was saved, or the person let go of it: an editor may close then, and has to stay open otherwise. */
  async function send(fields: Fields, version: number | undefined): Promise<boolean> {
    if (!tool) return false
    try {
      await call(tool, { key: item.key, ...fields, ...(version ? { version } : {}) } as Arguments<typeof tool>)
      setConflict(undefined)
      await refresh()
      return true
    } catch (error) {
      if (isRefused(error, "version_conflict") && error.current) return settled(fields, error.current)
      fail(error)
      return false
    }
  }

  /** Waits for the person to say what shall stand. */
  function settled(fields: Fields, now: Record<string, unknown>): Promise<boolean> {
    return new Promise((end) => {
      setConflict({
        key: item.key,
        mine: fields,
        theirs: now,
        keepMine: async (chosen) => {
          if (await send(chosen, Number(now.version))) end(true)
        },
        keepTheirs: () => (setConflict(undefined), void refresh(), end(true)),
      })
    })
  }

  return { canEdit: canWrite && tool !== undefined, canWrite, conflict, save: (fields: Fields, version = item.version) => send(fields, version) }
}

export type ItemEdit = ReturnType<typeof useItemEdit>
