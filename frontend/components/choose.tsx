"use client"
// What something is, as a button that opens a menu to choose from. The menu comes when it is opened: a page may have dozens.
import { type ReactNode, useRef, useState } from "react"
import { ahead } from "@/lib/ahead"
import { part } from "@/lib/part"
import { Coming } from "./parts"

export type Choice = { value: string; text: string; icon?: ReactNode }
/** Where `free` is set, what was typed may be chosen as it is. */
export type ChoiceGiven = {
  label: string
  choices: readonly Choice[]
  chosen: readonly string[]
  choose: (value: string) => void
  free?: string
  isMultiple?: boolean
}
type Given = ChoiceGiven & { children: ReactNode; className?: string; open?: boolean; setOpen?: (open: boolean) => void }

const Menu = ahead(part(() => import("./choose-menu"), <Coming />))

export function Choose({ children, className = "value", open, setOpen, ...menu }: Given) {
  const button = useRef<HTMLButtonElement>(null)
  const [isOpenHere, setOpenHere] = useState(false)
  const isOpen = open ?? isOpenHere
  const turn = setOpen ?? setOpenHere
  return (
    <>
      <button ref={button} type="button" className={className} aria-haspopup="dialog" aria-expanded={isOpen} onClick={() => turn(!isOpen)}>
        <span className="hidden-text">{menu.label}: </span>
        {children}
      </button>
      {isOpen && <Menu {...menu} button={button} close={() => turn(false)} />}
    </>
  )
}
