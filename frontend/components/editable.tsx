"use client"
// Text that becomes a field where it stands, when it is clicked or `e` is pressed.
import { type KeyboardEvent, useEffect, useRef, useState } from "react"
import { useKeys } from "@/lib/keys"
import { navigate, useAddress } from "@/lib/route"
import { Text } from "./text"

type Save = ((text: string) => Promise<boolean>) | undefined

export function EditableTitle({ title, save }: { title: string; save: Save }) {
  const { path, query } = useAddress()
  const [isOpen, setOpen] = useState(query.get("edit") === "title" && save !== undefined)
  const field = useRef<HTMLTextAreaElement>(null)
  useKeys(save ? [{ keys: "e", does: "Edit", run: () => setOpen(true) }] : [])
  useEffect(() => {
    if (query.has("edit")) navigate(path, "replace")
  })
  useEffect(() => {
    if (isOpen) field.current?.select()
  }, [isOpen])
  if (!save) return <h1 className="head">{title}</h1>
  if (!isOpen) {
    return (
      <h1>
        <button className="head" title="Edit (e)" onClick={() => setOpen(true)}>{title}</button>
      </h1>
    )
  }
  async function done() {
    const text = field.current?.value.trim()
    setOpen(false)
    if (text && text !== title) await save?.(text)
  }
  function press(event: KeyboardEvent) {
    if (event.key === "Enter") (event.preventDefault(), void done())
    if (event.key === "Escape") (event.stopPropagation(), setOpen(false))
  }
  return <textarea ref={field} className="head" aria-label="Title" rows={1} maxLength={300} defaultValue={title} onKeyDown={press} onBlur={() => void done()} autoFocus />
}

export function EditableText({ text, save }: { text: string; save: Save }) {
  const [draft, setDraft] = useState<string>()
  const [isPreview, setPreview] = useState(false)
  if (draft === undefined || !save) {
    return (
      <>
        {text ? <Text text={text} /> : <p className="faint">No description.</p>}
        {save && <p style={{ marginTop: 8 }}><button className="button quiet" style={{ marginLeft: -11 }} onClick={() => setDraft(text)}>Edit the text</button></p>}
      </>
    )
  }
  async function done() {
    if (draft === undefined || draft === text || (await save?.(draft))) setDraft(undefined)
  }
  function press(event: KeyboardEvent) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) (event.preventDefault(), void done())
    if (event.key === "Escape" && draft === text) setDraft(undefined)
  }
  return (
    <div className="write" onKeyDown={press}>
      {isPreview ? <Text text={draft} /> : (
        <textarea className="area" aria-label="Text" style={{ minHeight: 240 }} value={draft} onChange={(event) => setDraft(event.target.value)} autoFocus />
      )}
      <div className="row" style={{ justifyContent: "flex-end" }}>
        <button className="button quiet" onClick={() => setPreview(!isPreview)}>{isPreview ? "Write" : "Preview"}</button>
        <button className="button quiet" onClick={() => setDraft(undefined)}>Cancel</button>
        <button className="button primary" onClick={() => void done()}>Save</button>
      </div>
    </div>
  )
}
