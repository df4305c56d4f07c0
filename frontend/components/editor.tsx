"use client"
// Writing markdown with its preview beside it. What was written is kept until it is saved or thrown away.
import { type KeyboardEvent, useDeferredValue, useEffect, useState } from "react"
import { useDraft } from "@/lib/drafts"
import { Text } from "./text"

const SHORT = 10_000 // characters
/** `save` is given the version that the text was begun from. */
type Given = { name: string; text: string; version: number | undefined; save: (text: string, version: number | undefined) => Promise<boolean>; close: () => void; isWide?: boolean }

export function Editor({ name, text, version, save, close, isWide = false }: Given) {
  const { draft, setDraft, isChanged, wasKept, version: from, drop } = useDraft(name, text, version)
  const [isPreview, setPreview] = useState(false)
  const [isSaving, setSaving] = useState(false)
  const shown = useRested(draft)
  async function done() {
    if (isSaving) return
    setSaving(true)
    const isOver = !isChanged || (await save(draft, from))
    setSaving(false)
    if (isOver) leave()
  }
  function leave() {
    drop()
    close()
  }
  function press(event: KeyboardEvent) {
    if ((event.key === "Enter" || event.key === "s") && (event.ctrlKey || event.metaKey)) (event.preventDefault(), void done())
    if (event.key === "Escape" && !isChanged) leave()
  }
  return (
    <div className={isWide ? "editor wide-editor" : "editor"} data-preview={isPreview} onKeyDown={press}>
      <div className="panes">
        <textarea className="area" aria-label="Text" value={draft} onChange={(event) => setDraft(event.target.value)} autoFocus />
        {(isWide || isPreview) && <section className="preview" aria-label="Preview" tabIndex={0}><Text text={shown} /></section>}
      </div>
      <div className="row">
        <span className="faint tiny grow" role="status">{isSaving ? "Saving…" : isChanged ? (wasKept ? "Not saved yet: this is what you wrote before." : "Not saved yet. This tab keeps it.") : ""}</span>
        <button className="button quiet turn" aria-pressed={isPreview} onClick={() => setPreview(!isPreview)}>{isPreview ? "Write" : "Preview"}</button>
        <Discard isChanged={isChanged} leave={leave} />
        <button className="button primary" disabled={isSaving} title="Ctrl Enter" onClick={() => void done()}>Save</button>
      </div>
    </div>
  )
}

/** The text as it was when it last came to rest: rendering a long one takes longer than typing a letter. */
function useRested(text: string): string {
  const [rested, setRested] = useState(text)
  useEffect(() => {
    const timer = window.setTimeout(setRested, text.length < SHORT ? 0 : 300, text)
    return () => window.clearTimeout(timer)
  }, [text])
  return useDeferredValue(rested)
}

/** A changed text is thrown away with a second click only. */
function Discard({ isChanged, leave }: { isChanged: boolean; leave: () => void }) {
  const [isAsked, setAsked] = useState(false)
  useEffect(() => setAsked(false), [isChanged])
  if (isAsked) return <button className="button danger" onClick={leave} onBlur={() => setAsked(false)} autoFocus>Throw away what you wrote</button>
  return <button className="button quiet" onClick={() => (isChanged ? setAsked(true) : leave())}>Cancel</button>
}
