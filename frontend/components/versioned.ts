"use client"
// Saving through an address that takes the version which was read: what somebody else changed meanwhile is shown, never overwritten.
import { useState } from "react"
import { isRefused } from "@/lib/api"
import type { ConflictFound, Fields } from "./item-edit"
import { useNotices } from "./notices"

/** `post` sends the fields with that version. */
export function useVersioned(key: string, version: number | undefined, post: (fields: Fields, version: number | undefined) => Promise<unknown>) {
  const { fail } = useNotices()
  const [conflict, setConflict] = useState<ConflictFound>()

  /** Whether it was saved, or the person let go of it: an editor may close then, and has to stay open otherwise. */
  async function send(fields: Fields, seen: number | undefined): Promise<boolean> {
    try {
      await post(fields, seen)
      setConflict(undefined)
      return true
    } catch (error) {
      if (isRefused(error, "version_conflict") && error.current) return settled(fields, error.current)
      fail(error)
      return false
    }
  }

  /** Waits for the person to say what shall stand. */
  function settled(fields: Fields, theirs: Record<string, unknown>): Promise<boolean> {
    return new Promise((end) => {
      setConflict({
        key, mine: fields, theirs,
        keepMine: async (chosen) => {
          if (await send(chosen, Number(theirs.version))) end(true)
        },
        keepTheirs: () => (setConflict(undefined), end(true)),
      })
    })
  }

  return { conflict, save: (fields: Fields, seen = version) => send(fields, seen) }
}
