"use client"
// Changing the status, priority or assignee of the selected issue, or of all marked ones, by a key.
import { Command } from "cmdk"
import { useState } from "react"
import type { Arguments } from "@/lib/api"
import { useCall } from "@/lib/data"
import type { Binding } from "@/lib/keys"
import { navigate } from "@/lib/route"
import { Dialog } from "./dialog"
import { PRIORITIES, STATUSES, usePeople } from "./issue-choices"
import { useNotices } from "./notices"

type Field = "status" | "priority" | "assignee"
type Asked = { field: Field; keys: readonly string[] }

function useSet() {
  const update = useCall("update_issue")
  const { say, fail } = useNotices()
  return async (keys: readonly string[], field: Field, value: string) => {
    try {
      for (const key of keys) await update.mutateAsync({ key, [field]: value } as Arguments<"update_issue">)
      say({ text: keys.length === 1 ? `${keys[0]} changed` : `${keys.length} issues changed` })
    } catch (error) {
      fail(error)
    }
  }
}

/** Keys for one issue or several, and the menu that they open. */
export function useQuick() {
  const [asked, setAsked] = useState<Asked>()
  const bindings = (keys: readonly string[]): Binding[] => [
    { keys: "s", does: "Set the status", run: () => setAsked({ field: "status", keys }) },
    { keys: "p", does: "Set the priority", run: () => setAsked({ field: "priority", keys }) },
    { keys: "a", does: "Assign", run: () => setAsked({ field: "assignee", keys }) },
    { keys: "e", does: "Edit", run: () => navigate(`/${keys[0]}?edit=title`) },
  ]
  return { bindings, menu: asked && <QuickMenu asked={asked} close={() => setAsked(undefined)} /> }
}

function QuickMenu({ asked: { field, keys }, close }: { asked: Asked; close: () => void }) {
  const set = useSet()
  const people = usePeople()
  const choices = { status: STATUSES, priority: PRIORITIES, assignee: people }[field]
  const title = `Set the ${field} of ${keys.length === 1 ? keys[0] : `${keys.length} issues`}`
  return (
    <Dialog title={title} isTitleShown={false} close={close} className="palette">
      <Command label={title}>
        <Command.Input autoFocus placeholder={title} />
        <Command.List>
          {choices.map(({ value, text, icon }) => (
            <Command.Item key={value} value={text} onSelect={() => (close(), void set(keys, field, value))}>
              {icon} {text}
            </Command.Item>
          ))}
        </Command.List>
      </Command>
    </Dialog>
  )
}

export function Bulk({ keys, done }: { keys: readonly string[]; done: () => void }) {
  if (!keys.length) return null
  return (
    <div className="bulk" role="status">
      {keys.length} marked: <kbd>s</kbd> status <kbd>p</kbd> priority <kbd>a</kbd> assign
      <button className="button quiet" onClick={done}>Let go</button>
    </div>
  )
}
