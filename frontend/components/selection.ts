"use client"
// j and k through a list of keys, x to mark some, Enter to open one.
import { useEffect, useState } from "react"
import { useKeys, type Binding } from "@/lib/keys"
import { navigate } from "@/lib/route"

export function useSelection(keys: readonly string[], more: (selected: string, marked: ReadonlySet<string>) => Binding[] = () => []) {
  const [selected, setSelected] = useState<string>()
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set())
  const at = selected === undefined ? -1 : keys.indexOf(selected)
  const current = at < 0 ? undefined : selected

  function go(step: number) {
    setSelected(keys[Math.min(Math.max(at + step, 0), keys.length - 1)])
  }
  function mark() {
    if (!current) return
    const next = new Set(marked)
    if (!next.delete(current)) next.add(current)
    setMarked(next)
  }
  useKeys([
    { keys: "j, ArrowDown", does: "Next", run: () => go(1) },
    { keys: "k, ArrowUp", does: "Previous", run: () => go(-1) },
    { keys: "x", does: "Mark", run: mark },
    { keys: "Escape", does: "Let go", run: () => (setMarked(new Set()), setSelected(undefined)) },
    ...(current
      ? [{ keys: "Enter, o", does: "Open", run: () => navigate(`/${current}`) }, ...more(current, marked)]
      : []),
  ])
  useEffect(() => {
    if (current) document.querySelector(`[data-key="${CSS.escape(current)}"]`)?.scrollIntoView({ block: "nearest" })
  }, [current])
  return { selected: current, marked, setSelected, letGo: () => setMarked(new Set()) }
}
