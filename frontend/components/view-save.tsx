"use client"
// A name for the filters that the address has.
import { type FormEvent, useState } from "react"
import { useViewChanges, useViews } from "@/lib/views"
import { Dialog } from "./dialog"
import { useNotices } from "./notices"

export default function Save({ page, query, close }: { page: string; query: string; close: () => void }) {
  const [name, setName] = useState("")
  const [isShared, setShared] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const { save, change } = useViewChanges()
  const { say, fail } = useNotices()
  const same = useViews().find((each) => each.mine && each.name === name.trim())
  async function submit(event: FormEvent) {
    event.preventDefault()
    if (!name.trim() || isBusy) return
    setBusy(true)
    try {
      if (same) await change({ id: same.id, page, query, shared: isShared })
      else await save({ name: name.trim(), page, query, shared: isShared })
      say({ text: `${name.trim()} stands in the navigation now, on every machine` })
      close()
    } catch (error) {
      fail(error)
      setBusy(false)
    }
  }
  return (
    <Dialog title="Save this view" close={close}>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <label>Name<input className="field" value={name} maxLength={80} onChange={(event) => setName(event.target.value)} placeholder="Mine, urgent" autoFocus /></label>
        <p className="faint tiny mono filters-told">/{page}?{decodeURIComponent(query)}</p>
        <label className="check"><input type="checkbox" checked={isShared} onChange={(event) => setShared(event.target.checked)} /> Everybody in the workspace finds it</label>
        {same && <p className="small tone-orange">You have a view of that name: its filters are replaced.</p>}
        <footer>
          <button type="button" className="button quiet" onClick={close}>Cancel</button>
          <button className="button primary" disabled={!name.trim() || isBusy}>{same ? "Replace" : "Save"}</button>
        </footer>
      </form>
    </Dialog>
  )
}
