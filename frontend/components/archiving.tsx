"use client"
// Puts an item away and brings it back.
import { Archive, ArchiveRestore } from "lucide-react"
import { useCall } from "@/lib/data"
import { useNotices } from "./notices"

export function Archiving({ itemKey, isArchived }: { itemKey: string; isArchived: boolean }) {
  const archive = useCall("archive_item")
  const restore = useCall("restore_item")
  const { say, fail } = useNotices()
  async function bringBack() {
    try {
      await restore.mutateAsync({ key: itemKey })
      say({ text: `${itemKey} is back` })
    } catch (error) {
      fail(error)
    }
  }
  async function putAway() {
    try {
      await archive.mutateAsync({ key: itemKey })
      say({ text: `${itemKey} is put away`, action: { label: "Bring it back", run: () => void bringBack() } })
    } catch (error) {
      fail(error)
    }
  }
  const isBusy = archive.isPending || restore.isPending
  return isArchived
    ? <button className="button" disabled={isBusy} onClick={() => void bringBack()}><ArchiveRestore size={14} aria-hidden /> Bring it back</button>
    : <button className="button quiet" disabled={isBusy} onClick={() => void putAway()}><Archive size={14} aria-hidden /> Put it away</button>
}
