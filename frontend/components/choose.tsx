"use client"
// A menu to choose from, with a field that filters it. Where `free` is set, what was typed may be chosen as it is.
import { Command } from "cmdk"
import { Check } from "lucide-react"
import { Popover } from "radix-ui"
import { type ReactNode, useState } from "react"

export type Choice = { value: string; text: string; icon?: ReactNode }
type Given = {
  label: string
  children: ReactNode
  choices: readonly Choice[]
  chosen: readonly string[]
  choose: (value: string) => void
  free?: string
  isMultiple?: boolean
  className?: string
  open?: boolean
  setOpen?: (open: boolean) => void
}

export function Choose({ label, children, choices, chosen, choose, free, isMultiple, className = "value", ...control }: Given) {
  const [isOpenHere, setOpenHere] = useState(false)
  const [typed, setTyped] = useState("")
  const isOpen = control.open ?? isOpenHere
  function setOpen(open: boolean) {
    setTyped("")
    if (control.setOpen) control.setOpen(open)
    else setOpenHere(open)
  }
  function pick(value: string) {
    choose(value)
    if (!isMultiple) setOpen(false)
  }
  const isNew = free && typed.trim() && !choices.some(({ text }) => text.toLowerCase() === typed.trim().toLowerCase())
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger className={className}>
        <span className="hidden-text">{label}: </span>
        {children}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="menu-box" align="start" sideOffset={4} aria-label={label}>
          <Command label={label}>
            <Command.Input value={typed} onValueChange={setTyped} placeholder={free ?? `${label}…`} autoFocus />
            <Command.List>
              <Command.Empty>Nothing fits.</Command.Empty>
              {choices.map(({ value, text, icon }) => (
                <Command.Item key={value} value={`${text} ${value}`} onSelect={() => pick(value)}>
                  {icon}
                  <span className="grow ellipsis">{text}</span>
                  {chosen.includes(value) && <Check size={14} aria-label="chosen" />}
                </Command.Item>
              ))}
              {isNew && (
                <Command.Item value={`${typed} as typed`} onSelect={() => pick(typed.trim())} forceMount>
                  Use “{typed.trim()}”
                </Command.Item>
              )}
            </Command.List>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
