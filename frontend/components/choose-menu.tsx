"use client"
// The menu of a Choose, with a field that filters it.
import { Command } from "cmdk"
import { Check } from "lucide-react"
import { Popover } from "radix-ui"
import type { RefObject } from "react"
import { useTyped } from "@/lib/typed-ahead"
import type { ChoiceGiven } from "./choose"

type Given = ChoiceGiven & { button: RefObject<HTMLButtonElement | null>; close: () => void }

export default function ChooseMenu({ label, choices, chosen, choose, free, isMultiple, button, close }: Given) {
  const { typed, setTyped, field } = useTyped()
  const isNew = free && typed.trim() && !choices.some(({ text }) => text.toLowerCase() === typed.trim().toLowerCase())
  function pick(value: string) {
    choose(value)
    if (!isMultiple) close()
  }
  return (
    <Popover.Root open onOpenChange={(isOpen) => !isOpen && close()}>
      <Popover.Anchor virtualRef={button as RefObject<HTMLButtonElement>} />
      <Popover.Portal>
        <Popover.Content className="menu-box" align="start" sideOffset={4} aria-label={label}
          onInteractOutside={(event) => event.target instanceof Node && button.current?.contains(event.target) && event.preventDefault()} // it closes by itself
          onCloseAutoFocus={(event) => (event.preventDefault(), button.current?.focus())}>
          <Command label={label}>
            <Command.Input ref={field} value={typed} onValueChange={setTyped} placeholder={free ?? `${label}…`} autoFocus />
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
