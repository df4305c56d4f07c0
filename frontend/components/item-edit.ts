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

  async function send(fields: Fields, version: number | undefined): Promise<boolean> {
    if (!tool) return false
    try {
      await call(tool, { key: item.key, ...fields, ...(version ? { version } : {}) } as Arguments<typeof tool>)
      setConflict(undefined)
      await refresh()
      return true
    } catch (error) {
      if (isRefused(error, "version_conflict") && error.current) {
        const now = error.current
        setConflict({
          key: item.key,
          mine: fields,
          theirs: now,
          keepMine: async (chosen) => void (await send(chosen, Number(now.version))),
          keepTheirs: () => (setConflict(undefined), void refresh()),
        })
      } else {
        fail(error)
      }
      return false
    }
  }

  return { canEdit: canWrite && tool !== undefined, canWrite, conflict, save: (fields: Fields) => send(fields, item.version) }
}

export type ItemEdit = ReturnType<typeof useItemEdit>
