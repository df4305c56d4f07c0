"use client"
// Giving something another due day, by drag or by keys: shown at once, saved when it comes to rest.
import { useEffect, useRef, useState } from "react"
import { call } from "@/lib/api"
import { dateOf } from "@/lib/calendar"
import { useRefresh } from "@/lib/data"
import { day } from "@/lib/words"
import { useNotices } from "./notices"

const REST = 700 // milliseconds without another key

export type Movable = { key: string; kind: "issue" | "initiative" | "milestone" }
const UPDATES = { issue: "update_issue", initiative: "update_initiative", milestone: "update_milestone" } as const

export function useReschedule() {
  const refresh = useRefresh()
  const { say, fail } = useNotices()
  return async ({ key, kind }: Movable, due: number, before: number): Promise<void> => {
    const set = (to: number) => call(UPDATES[kind], { key, due: dateOf(to) })
    try {
      await set(due)
      say({ text: `${key} is due ${day(dateOf(due))}`, action: { label: "Undo", run: () => void set(before).then(refresh, fail) } })
    } catch (error) {
      fail(error)
    } finally {
      await refresh()
    }
  }
}

export type Reschedule = ReturnType<typeof useReschedule>

/** Where a due day stands while it is moved, and what moves it. */
export function useMove(item: Movable, due: number, width: number, reschedule: Reschedule) {
  const [moved, setMoved] = useState(0)
  const [isBusy, setBusy] = useState(false)
  const timer = useRef(0)
  const by = useRef(0)
  const running = useRef<Promise<void>>(undefined)
  const settle = useRef(async () => {})
  useEffect(() => {
    settle.current = async () => {
      window.clearTimeout(timer.current)
      if (!by.current || running.current) return // what is moved meanwhile is saved after that
      const days = by.current
      by.current = 0
      setBusy(true)
      await (running.current = reschedule(item, due + days, due))
      running.current = undefined
      setBusy(false)
      setMoved(by.current)
      if (by.current) timer.current = window.setTimeout(() => void settle.current(), REST)
    }
  })
  useEffect(() => () => void settle.current(), []) // what was moved is saved, also when its page is left
  function move(days: number) {
    by.current = days
    setMoved(days)
  }
  function step(days: number) {
    move(by.current + days)
    window.clearTimeout(timer.current)
    timer.current = window.setTimeout(() => void settle.current(), REST)
  }
  const cancel = () => (window.clearTimeout(timer.current), move(0))
  return { moved, isBusy, step, drag: (from: number, at: number) => move(Math.round((at - from) / width)), cancel, settle: () => void settle.current() }
}
