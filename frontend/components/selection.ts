"use client"
// j and k through a list of keys, x to mark some, Enter to open one; with the mouse, Shift and a click mark.
import { useQueryClient } from "@tanstack/react-query"
import { type MouseEvent, useEffect, useState } from "react"
import { fetchItem } from "@/lib/ahead"
import { useKeys, type Binding } from "@/lib/keys"
import { navigate } from "@/lib/route"

export type Selection = ReturnType<typeof useSelection>

/** `more` are keys for what is marked, or else selected: none of either is an empty list. `isPart`: there is more than
 * these keys, so that all of them are not all. */
export function useSelection(keys: readonly string[], more: (keys: readonly string[]) => Binding[] = () => [], isPart = false) {
  const [selected, setSelected] = useState<string>()
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set())
  const client = useQueryClient()
  const at = selected === undefined ? -1 : keys.indexOf(selected)
  const current = at < 0 ? undefined : selected
  const chosen = keys.filter((key) => marked.has(key))

  function go(step: number) {
    setSelected(keys[Math.min(Math.max(at + step, 0), keys.length - 1)])
  }
  function mark(key: string) {
    const next = new Set(marked)
    if (!next.delete(key)) next.add(key)
    setMarked(next)
  }
  useKeys(
    [
      { keys: "j, ArrowDown", does: "Next", run: () => go(1), isOn: keys.length > 0 },
      { keys: "k, ArrowUp", does: "Previous", run: () => go(-1), isOn: keys.length > 0 },
      { keys: "Enter, o", does: "Open", run: () => navigate(`/${current}`), isOn: current !== undefined },
      { keys: "x", does: "Mark", run: () => current && mark(current), isOn: current !== undefined },
      ...(isPart ? [] : [{ keys: "X", does: "Mark all", run: () => setMarked(new Set(keys)), isOn: keys.length > 0 }]),
      { keys: "Escape", does: "Let go", run: () => (setMarked(new Set()), setSelected(undefined)), isOn: marked.size > 0 || current !== undefined },
      ...more(chosen.length ? chosen : current ? [current] : []),
    ],
    "In this list",
  )
  useEffect(() => {
    if (!current) return
    document.querySelector(`[data-key="${CSS.escape(current)}"]`)?.scrollIntoView({ block: "nearest" })
    const timer = window.setTimeout(fetchItem, 100, client, `/${current}`)
    return () => window.clearTimeout(timer)
  }, [current, client])
  return {
    selected: current,
    marked: chosen,
    setSelected,
    letGo: () => setMarked(new Set()),
    /** How a row shows itself. */
    shown: (key: string) => ({ isSelected: key === current, isMarked: marked.has(key) }),
    /** For the element around the rows. */
    onClickCapture: (event: MouseEvent) => {
      const key = event.shiftKey && event.target instanceof Element && event.target.closest("[data-key]")?.getAttribute("data-key")
      if (!key) return
      event.preventDefault()
      event.stopPropagation()
      mark(key)
    },
  }
}
