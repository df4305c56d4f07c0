"use client"
// Text that becomes a field where it stands, when it is clicked or `e` is pressed.
import { type KeyboardEvent, useEffect, useRef, useState } from "react"
import { hasDraft } from "@/lib/drafts"
import { useKeys } from "@/lib/keys"
import { navigate, useAddress } from "@/lib/route"
import { Editor } from "./editor"
import { Text } from "./text"

type Save = ((text: string) => Promise<boolean>) | undefined
/** What an edit began from: its `save` sends the version that was read then, whatever has been heard of since. */
type Begun = { text: string; save: NonNullable<Save> }

export function EditableTitle({ title, save }: { title: string; save: Save }) {
  const { path, query } = useAddress()
  const [begun, setBegun] = useState<Begun | undefined>(query.get("edit") === "title" && save ? { text: title, save } : undefined)
  const begin = () => save && setBegun({ text: title, save })
  const field = useRef<HTMLTextAreaElement>(null)
  useKeys(save ? [{ keys: "e", does: "Edit", run: begin }] : [], "On this page")
  useEffect(() => {
    if (query.has("edit")) navigate(path, "replace")
  })
  useEffect(() => {
    if (begun) field.current?.select()
  }, [begun])
  if (!save) return <h1 className="head">{title}</h1>
  if (!begun) {
    return (
      <h1>
        <button className="head" title="Edit (e)" onClick={begin}>{title}</button>
      </h1>
    )
  }
  async function done() {
    const text = field.current?.value.trim()
    setBegun(undefined)
    if (text && begun && text !== begun.text) await begun.save(text)
  }
  function press(event: KeyboardEvent) {
    if (event.key === "Enter") (event.preventDefault(), void done())
    if (event.key === "Escape") (event.stopPropagation(), setBegun(undefined))
  }
  return <textarea ref={field} className="head" aria-label="Title" rows={1} maxLength={300} defaultValue={begun.text} onKeyDown={press} onBlur={() => void done()} autoFocus />
}

/** `name` is that of the draft which is kept, `what` what the button says. `save` is given the version that was begun from. */
type Given = {
  name: string; text: string; version?: number | undefined; save: ((text: string, version: number | undefined) => Promise<boolean>) | undefined
  isCut: boolean; what?: string; empty?: string
}

export function EditableText({ name, text, version, save, isCut, what = "the text", empty = "No description." }: Given) {
  const [begun, setBegun] = useState<{ text: string; version: number | undefined } | undefined>(save && !isCut && hasDraft(name) ? { text, version } : undefined)
  if (begun && save) return <Editor name={name} {...begun} save={save} close={() => setBegun(undefined)} />
  return (
    <>
      {text ? <Text text={text} /> : <p className="faint">{empty}</p>}
      {isCut && <p className="faint small" style={{ marginTop: 8 }}>The rest is not shown here: it is too long. Nor can it be edited here, so that none of it is lost.</p>}
      {save && !isCut && <p style={{ marginTop: 8 }}><button className="button quiet" style={{ marginLeft: -11 }} onClick={() => setBegun({ text, version })}>Edit {what}</button></p>}
    </>
  )
}
