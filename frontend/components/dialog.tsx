"use client"
// A dialog over the page: closed by Escape, focus kept inside and given back.
import { Dialog as Radix } from "radix-ui"
import type { ReactNode } from "react"

/** `isKept`: a press beside it does not close it, for what is shown once. `isRead`: there is nothing in it to
 * press, so that the keys scroll it. */
export function Dialog({ title, isTitleShown = true, close, children, className = "padded", isKept = false, isRead = false }: {
  title: string; isTitleShown?: boolean; close: () => void; children: ReactNode; className?: string; isKept?: boolean; isRead?: boolean
}) {
  return (
    <Radix.Root open onOpenChange={(isOpen) => !isOpen && close()}>
      <Radix.Portal>
        <Radix.Overlay className="veil" />
        <Radix.Content className={`dialog ${className}`} tabIndex={isRead ? 0 : undefined} aria-describedby={undefined} onInteractOutside={(event) => isKept && event.preventDefault()}>
          <Radix.Title className={isTitleShown ? "" : "hidden-text"}>{title}</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
