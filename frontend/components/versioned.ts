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

  async function send(fields: Fields, seen: number | undefined): Promise<boolean> {
    try {
      await post(fields, seen)
      setConflict(undefined)
      return true
    } catch (error) {
      if (isRefused(error, "version_conflict") && error.current) {
        const theirs = error.current
        setConflict({
          key, mine: fields, theirs,
          keepMine: async (chosen) => void (await send(chosen, Number(theirs.version))),
          keepTheirs: () => setConflict(undefined),
        })
      } else {
        fail(error)
      }
      return false
    }
  }
  return { conflict, save: (fields: Fields) => send(fields, version) }
}
