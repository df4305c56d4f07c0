"use client"
// Small pieces that every page is made of.
import { CircleDashed, Circle, CircleDot, CircleSlash, CircleCheck, CircleX, CircleEllipsis, type LucideIcon } from "lucide-react"
import type { ReactNode } from "react"
import { isRefused } from "@/lib/api"
import { choices } from "@/lib/choices"
import { useKeeping } from "@/lib/typed-ahead"
import { ago, day, isPast, label, whole } from "@/lib/words"

type Look = { icon: LucideIcon; tone: string }
type Status = (typeof choices.update_issue.status)[number]
type Priority = (typeof choices.update_issue.priority)[number]

// A state the server adds is a type error here until it has a look.
const STATUS: Record<Status, Look> = {
  backlog: { icon: CircleDashed, tone: "grey" },
  ready: { icon: Circle, tone: "blue" },
  in_progress: { icon: CircleDot, tone: "yellow" },
  blocked: { icon: CircleSlash, tone: "red" },
  in_review: { icon: CircleEllipsis, tone: "accent" },
  done: { icon: CircleCheck, tone: "green" },
  cancelled: { icon: CircleX, tone: "grey" },
}
const PRIORITY: Record<Priority, string> = { urgent: "red", high: "orange", medium: "yellow", low: "grey", none: "grey" }

// Of goals, decisions and documents: nothing but a colour.
type Other = (typeof choices)["update_initiative" | "update_milestone" | "update_decision" | "update_document"]["status"][number]
const TONE: Record<Other, string> = {
  planned: "grey", active: "yellow", paused: "orange", completed: "green", cancelled: "grey", open: "blue", closed: "green",
  proposed: "blue", accepted: "green", rejected: "red", superseded: "grey", draft: "grey", published: "green",
}

export function lookOf(status: string): Look {
  return STATUS[status as Status] ?? STATUS.backlog
}

/** The colour of any item's status. */
export function toneOf(status: string): string {
  return STATUS[status as Status]?.tone ?? TONE[status as Other] ?? "grey"
}

export function StatusIcon({ value }: { value: string }) {
  const { icon: Drawn, tone } = lookOf(value)
  const title = label(value)
  return (
    <span className={`state tone-${tone}`} role="img" aria-label={title} title={title}>
      <Drawn size={15} aria-hidden />
    </span>
  )
}

/** A single element, which the styles draw into: on a board there are hundreds, and scrolling pays for each part of each. */
export function PriorityIcon({ value }: { value: string }) {
  const title = `Priority: ${value}`
  return <span className={`state priority tone-${PRIORITY[value as Priority] ?? PRIORITY.none}`} data-level={value} role="img" aria-label={title} title={title} />
}

export function Person({ name }: { name: string }) {
  return (
    <span className="person" role="img" aria-label={name} title={name}>
      {name.slice(0, 2)}
    </span>
  )
}

export function When({ at }: { at: string }) {
  return (
    <time dateTime={at} title={whole(at)}>
      {ago(at)}
    </time>
  )
}

export function Due({ date, isOpen = true }: { date: string; isOpen?: boolean }) {
  const isLate = isOpen && isPast(date)
  return (
    <time dateTime={date} className={isLate ? "overdue" : ""} title={isLate ? `Was due ${date}` : `Due ${date}`}>
      {day(date)}
    </time>
  )
}

export function Empty({ title, children, command }: { title: string; children?: ReactNode; command?: string }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {command && <code>{command}</code>}
    </div>
  )
}

export function Problem({ error }: { error: Error }) {
  return (
    <div className="problem" role="alert">
      <strong>{error.message}</strong>
      {isRefused(error) && <p className="soft">{error.hint}</p>}
    </div>
  )
}

/** Stands for what is on its way. */
export function Loading() {
  return <div className="loading" role="status" aria-label="Loading" />
}

/** What there is to say while or because a query has nothing to show. */
export function Waiting({ query }: { query: { isPending: boolean; error: Error | null } }) {
  if (query.error) return <Problem error={query.error} />
  return query.isPending ? <Loading /> : null
}

/** Stands for a dialog or menu whose part of the program is on its way: what is typed meanwhile is meant for it. */
export function Coming() {
  useKeeping()
  return <span className="coming" role="status" aria-label="Loading" />
}

export function Progress({ percent = 0, done, total }: { percent?: number | undefined; done: number; total: number }) {
  return (
    <span className="progress numbers" role="img" aria-label={`${done} of ${total} done`}>
      <i>
        <b style={{ width: `${percent}%` }} />
      </i>
      {done}/{total}
    </span>
  )
}
