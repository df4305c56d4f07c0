"use client"
// Changing one item of a list, or all that are marked: by a key, or by the buttons of the bar that says how many are marked.
import { useState } from "react"
import { ahead } from "@/lib/ahead"
import { call, isRefused } from "@/lib/api"
import { newKey, useRefresh } from "@/lib/data"
import type { Binding } from "@/lib/keys"
import { part } from "@/lib/part"
import { navigate } from "@/lib/route"
import { changeOf, FIELDS, type ListField, type ListKind, UPDATES } from "./list-fields"
import { useNotices } from "./notices"
import { Coming } from "./parts"
import { type Selection, useSelection } from "./selection"
import { useShell } from "./shell-context"

const FieldMenu = ahead(part(() => import("./field-menu"), <Coming />))

type Asked = { field: ListField; keys: readonly string[] }
const NAMES: Record<ListKind, string> = { issue: "issues", initiative: "initiatives", milestone: "milestones", decision: "decisions", document: "documents" }

/** A list that is walked, marked and changed by keys. `bar` and `menu` are to be shown with it. */
export function useList(kind: ListKind, keys: readonly string[], more: (keys: readonly string[]) => Binding[] = () => [], isPart = false) {
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
  }, isPart)
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
  const menu = asked && (
    <FieldMenu kind={kind} field={asked.field} what={counted(kind, asked.keys)} set={(value) => each.set(asked.keys, asked.field, value)} close={() => setAsked(undefined)} />
  )
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
