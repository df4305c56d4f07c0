"use client"
// Changing one item of a list, or all that are marked: by a key, or by the buttons of the bar that says how many are marked.
import { Command } from "cmdk"
import { useState } from "react"
import { call, isRefused } from "@/lib/api"
import { newKey, useRefresh } from "@/lib/data"
import type { Binding } from "@/lib/keys"
import { navigate } from "@/lib/route"
import { Dialog } from "./dialog"
import { changeOf, FIELDS, type ListField, type ListKind, UPDATES, useFieldChoices } from "./list-fields"
import { useNotices } from "./notices"
import { type Selection, useSelection } from "./selection"
import { useShell } from "./shell-context"

type Asked = { field: ListField; keys: readonly string[] }
const NAMES: Record<ListKind, string> = { issue: "issues", initiative: "initiatives", milestone: "milestones", decision: "decisions", document: "documents" }

/** A list that is walked, marked and changed by keys. `bar` and `menu` are to be shown with it. */
export function useList(kind: ListKind, keys: readonly string[], more: (keys: readonly string[]) => Binding[] = () => []) {
  const { me } = useShell()
  const [asked, setAsked] = useState<Asked>()
  const each = useEach(kind)
  const canWrite = me.key.scope !== "read"
  const selection: Selection = useSelection(keys, (chosen) => {
    const isOn = chosen.length > 0
    if (!canWrite) return []
    return [
      { keys: "e", does: "Edit", run: () => navigate(`/${chosen[0]}?edit=title`), isOn },
      ...FIELDS[kind].map((field) => ({ keys: field.key, does: field.does, run: () => setAsked({ field, keys: chosen }), isOn })),
      { keys: "#", does: "Archive", run: () => void each.archive(chosen), isOn },
      ...more(chosen),
    ]
  })
  const bar = selection.marked.length > 0 && (
    <div className="bulk" role="group" aria-label="Marked">
      <span role="status">{counted(kind, selection.marked)} marked</span>
      {canWrite && FIELDS[kind].map((field) => (
        <button key={field.name} className="button quiet" onClick={() => setAsked({ field, keys: selection.marked })}>
          {field.does} <kbd>{field.key}</kbd>
        </button>
      ))}
      {canWrite && <button className="button quiet" onClick={() => void each.archive(selection.marked)}>Archive <kbd>#</kbd></button>}
      <span className="grow" />
      <button className="button quiet" onClick={selection.letGo}>Let go <kbd>Esc</kbd></button>
    </div>
  )
  const menu = asked && <FieldMenu kind={kind} asked={asked} set={each.set} close={() => setAsked(undefined)} />
  return { ...selection, bar, menu }
}

function counted(kind: ListKind, keys: readonly string[]): string {
  return keys.length === 1 ? String(keys[0]) : `${keys.length} ${NAMES[kind]}`
}

/** One after the other: what is refused is told, and keeps nothing from the others. */
function useEach(kind: ListKind) {
  const { say, fail } = useNotices()
  const refresh = useRefresh()
  async function all(keys: readonly string[], change: (key: string) => Promise<unknown>): Promise<readonly string[]> {
    const done: string[] = []
    for (const key of keys) {
      try {
        await change(key)
        done.push(key)
      } catch (error) {
        fail(error)
        if (isRefused(error) && (error.status === 0 || error.status === 401 || error.status === 429)) break // the others would meet the same
      }
    }
    await refresh()
    return done
  }
  async function set(keys: readonly string[], field: ListField, value: string) {
    const done = await all(keys, (key) => call(UPDATES[kind], changeOf(key, field.name, value), undefined, newKey()))
    if (done.length) say({ text: `${counted(kind, done)} changed` })
  }
  async function archive(keys: readonly string[]) {
    const done = await all(keys, (key) => call("archive_item", { key }, undefined, newKey()))
    const back = () => void all(done, (key) => call("restore_item", { key }, undefined, newKey()))
    if (done.length) say({ text: `${counted(kind, done)} archived`, action: { label: "Undo", run: back } })
  }
  return { set, archive }
}

function FieldMenu({ kind, asked: { field, keys }, set, close }: {
  kind: ListKind; asked: Asked; set: (keys: readonly string[], field: ListField, value: string) => Promise<void>; close: () => void
}) {
  const choices = useFieldChoices(kind, field.name)
  const [typed, setTyped] = useState("")
  const title = `${field.does}: ${counted(kind, keys)}`
  const pick = (value: string) => (close(), void set(keys, field, value))
  return (
    <Dialog title={title} isTitleShown={false} close={close} className="palette">
      <Command label={title}>
        <Command.Input autoFocus value={typed} onValueChange={setTyped} placeholder={field.free ? `${title}, such as ${field.free}` : title} />
        <Command.List>
          {choices.map(({ value, text, icon }) => (
            <Command.Item key={value} value={text} onSelect={() => pick(value)}>
              {icon} {text}
            </Command.Item>
          ))}
          {field.free && typed.trim() && (
            <Command.Item value={`${typed} as typed`} onSelect={() => pick(typed.trim())} forceMount>
              Use “{typed.trim()}”
            </Command.Item>
          )}
        </Command.List>
      </Command>
    </Dialog>
  )
}
