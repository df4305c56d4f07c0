"use client"
// One line of the timeline: what it is, and its days as a bar that ends with a due day to take hold of.
import { type KeyboardEvent, type PointerEvent, useMemo, useRef } from "react"
import type { paths } from "@/lib/api-types"
import { dateOf, numberOf } from "@/lib/calendar"
import { Link, navigate } from "@/lib/route"
import { day, label } from "@/lib/words"
import { lookOf, StatusIcon } from "./parts"
import { useShell } from "./shell-context"
import { type Reschedule, useMove } from "./timeline-move"

type Answer = paths["/v1/timeline"]["get"]["responses"][200]["content"]["application/json"]
type Plan = Answer["plans"][number] & { isUnder: boolean }
type Issue = Answer["issues"][number] & { kind: "issue"; isUnder: boolean }
export type LaneOf = Plan | Issue
type Given = { lane: LaneOf; isSelected: boolean; span: readonly [number, number]; now: number; reschedule: Reschedule }
export const A_DAY = 15 // pixels

export function Lane({ lane, isSelected, span: [first, last], now, reschedule }: Given) {
  const percent = lane.kind === "issue" ? undefined : (lane.progress.percent ?? 0)
  return (
    <li className="lane" data-kind={lane.kind} data-under={lane.isUnder}>
      <Link className="name" href={`/${lane.key}`} data-key={lane.key} data-selected={isSelected}>
        {lane.kind === "issue" ? <StatusIcon value={lane.status} /> : <span className="tag">{label(lane.kind)}</span>}
        <span className="faint tiny">{lane.key}</span>
        <span className="ellipsis">{lane.title}</span>
      </Link>
      <div className="days">
        <i className="today" style={{ left: (now - first + 0.5) * A_DAY }} aria-hidden />
        {lane.due ? <Span lane={lane} due={numberOf(lane.due)} first={first} last={last} now={now} percent={percent} reschedule={reschedule} /> : <OpenEnd lane={lane} first={first} last={last} />}
      </div>
    </li>
  )
}

function Span({ lane, due, first, last, now, percent, reschedule }: Pick<Given, "now" | "reschedule"> & { lane: LaneOf; due: number; first: number; last: number; percent: number | undefined }) {
  const { me } = useShell()
  const { key, kind } = lane
  const item = useMemo(() => ({ key, kind }), [key, kind])
  const move = useMove(item, due, A_DAY, reschedule)
  const end = due + move.moved
  const start = Math.min(lane.start ? numberOf(lane.start) : end, end)
  const [left, right] = [Math.max(start, first), Math.min(end, last)]
  const isLate = end < now && !["completed", "cancelled", "closed"].includes(lane.status)
  return (
    <>
      {lane.kind !== "milestone" && right >= left && <Stripe left={left - first} days={right - left + 1} done={percent === undefined ? undefined : ((end - start + 1) * percent) / 100 - (left - start)} tone={lane.kind === "issue" ? lookOf(lane.status).tone : "accent"} />}
      {end >= first && end <= last && <Handle lane={lane} at={end - first} end={end} isLate={isLate} move={move} canMove={me.key.scope !== "read"} />}
      {end < first && <span className="overdue tiny before">{`due ${day(dateOf(end))}`}</span>}
    </>
  )
}

function OpenEnd({ lane, first, last }: { lane: LaneOf; first: number; last: number }) {
  const left = Math.max(lane.start ? numberOf(lane.start) : first, first)
  return <Stripe left={left - first} days={last - left + 1} tone="accent" isOpen />
}

function Stripe({ left, days, done, tone, isOpen = false }: { left: number; days: number; done?: number | undefined; tone: string; isOpen?: boolean }) {
  return (
    <span className={`stripe fill-of-${tone}`} data-open={isOpen} style={{ left: left * A_DAY, width: days * A_DAY }} aria-hidden>
      {done !== undefined && done > 0 && <b style={{ width: done * A_DAY }} />}
    </span>
  )
}

function Handle({ lane, at, end, isLate, move, canMove }: { lane: LaneOf; at: number; end: number; isLate: boolean; move: ReturnType<typeof useMove>; canMove: boolean }) {
  const from = useRef<number | undefined>(undefined)
  const name = `${lane.key} ${lane.title}: due ${day(dateOf(end))}`
  const style = { left: at * A_DAY }
  const shown = <><span className="mark" /><span className={isLate ? "when overdue" : "when"}>{day(dateOf(end))}</span></>
  if (!canMove) return <span className="handle" style={style} title={name}>{shown}</span>
  function press(event: KeyboardEvent) {
    const days = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (days) (event.preventDefault(), move.step(event.shiftKey ? days * 7 : days))
    else if (event.key === "Escape") move.cancel()
    else if (event.key === "Enter") (event.preventDefault(), navigate(`/${lane.key}`))
  }
  function down(event: PointerEvent<HTMLButtonElement>) {
    from.current = event.clientX
    event.currentTarget.setPointerCapture(event.pointerId)
  }
  return (
    <button className="handle" style={style} title={name} aria-label={`${name}. Arrow keys move it.`} data-moved={move.moved !== 0} data-busy={move.isBusy} onKeyDown={press} onBlur={move.settle}
      onPointerDown={down} onPointerMove={(event) => from.current !== undefined && move.drag(from.current, event.clientX)}
      onPointerUp={() => ((from.current = undefined), move.settle())} onPointerCancel={() => ((from.current = undefined), move.cancel())}>
      {shown}
    </button>
  )
}
