"use client"
// In a bar of filters: which saved view they are, or a button that saves them as one.
import { Bookmark, BookmarkCheck } from "lucide-react"
import { useState } from "react"
import { part } from "@/lib/part"
import { useAddressed } from "@/lib/views"
import { useShell } from "./shell-context"

const Save = part(() => import("./view-save"))
const Manage = part(() => import("./view-manage"))

export function SaveView() {
  const { me } = useShell()
  const { page, query, view } = useAddressed()
  const [isOpen, setOpen] = useState(false)
  const close = () => setOpen(false)
  if (!query || (me.key.scope === "read" && !view)) return null
  return (
    <>
      <button className={view ? "chip on" : "chip"} onClick={() => setOpen(true)}>
        {view ? <BookmarkCheck size={12} aria-hidden /> : <Bookmark size={12} aria-hidden />}
        <span className="ellipsis">{view ? view.name : "Save view"}</span>
      </button>
      {isOpen && (view ? <Manage close={close} /> : <Save page={page} query={query} close={close} />)}
    </>
  )
}
