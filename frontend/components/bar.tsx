"use client"
// The top of a page: its title, and what it has to offer there.
import { Menu, Plus } from "lucide-react"
import { type ReactNode, useEffect } from "react"
import { useShell } from "./shell-context"

export function Bar({ title, children }: { title: string; children?: ReactNode }) {
  const { create, openNav, me } = useShell()
  useEffect(() => {
    document.title = `${title} · Turbo-Plan`
  }, [title])
  return (
    <header className="bar">
      <button className="icon-button menu" aria-label="Pages" onClick={openNav}>
        <Menu size={18} aria-hidden />
      </button>
      <h1 className="ellipsis">{title}</h1>
      <span className="grow" />
      {children}
      {me.key.scope !== "read" && (
        <button className="button" onClick={create}>
          <Plus size={14} aria-hidden /> New issue
        </button>
      )}
    </header>
  )
}
