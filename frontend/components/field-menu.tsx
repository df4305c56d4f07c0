"use client"
// What a field of the marked items is set to.
import { Command } from "cmdk"
import { useTyped } from "@/lib/typed-ahead"
import { Dialog } from "./dialog"
import { type ListField, type ListKind, useFieldChoices } from "./list-fields"

type Given = { kind: ListKind; field: ListField; what: string; set: (value: string) => Promise<void>; close: () => void }

export default function FieldMenu({ kind, field, what, set, close }: Given) {
  const choices = useFieldChoices(kind, field.name)
  const { typed, setTyped, field: input } = useTyped()
  const title = `${field.does}: ${what}`
  const pick = (value: string) => (close(), void set(value))
  return (
    <Dialog title={title} isTitleShown={false} close={close} className="palette">
      <Command label={title}>
        <Command.Input ref={input} autoFocus value={typed} onValueChange={setTyped} placeholder={field.free ? `${title}, such as ${field.free}` : title} />
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
