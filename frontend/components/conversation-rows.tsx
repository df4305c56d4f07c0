"use client"
// Conversations as rows: how each stands, with whom, about what, and what waits for a decision.
import { Bot, CircleAlert, CircleCheck, Hourglass, LoaderCircle, type LucideIcon } from "lucide-react"
import { type ConversationRow, type Filter, type State, useConversations } from "@/lib/mentors"
import { Link } from "@/lib/route"
import { label } from "@/lib/words"
import { Person, Waiting, When } from "./parts"
import { useSelection } from "./selection"

// A state the server adds is a type error here until it has a look.
export const STATES: Record<State, { icon: LucideIcon; tone: string }> = {
  waiting: { icon: Hourglass, tone: "yellow" },
  working: { icon: LoaderCircle, tone: "blue" },
  done: { icon: CircleCheck, tone: "green" },
  failed: { icon: CircleAlert, tone: "red" },
}

export function Conversations({ filter, empty }: { filter: Filter; empty: React.ReactNode }) {
  const found = useConversations(filter)
  const rows = found.data?.pages.flatMap(({ items }) => items) ?? []
  const { selected } = useSelection(rows.map(({ key }) => key))
  return (
    <>
      <Waiting query={found} />
      <ul aria-label="Conversations">{rows.map((row) => <Row key={row.key} row={row} isSelected={row.key === selected} />)}</ul>
      {found.data?.pages[0]?.total === 0 && empty}
      {found.hasNextPage && <div className="more"><button className="button" onClick={() => void found.fetchNextPage()}>Show more</button></div>}
    </>
  )
}

function Row({ row, isSelected }: { row: ConversationRow; isSelected: boolean }) {
  return (
    <li>
      <Link className="talk-row" href={`/${row.key}`} data-key={row.key} data-selected={isSelected}>
        <StateIcon state={row.status} />
        <span className="key">{row.key}</span>
        <span className="title ellipsis">{row.title}{row.about && <span className="why">about {row.about.key}</span>}</span>
        <span className="end">
          {row.to_decide > 0 && <span className="tag tone-accent">{row.to_decide} to decide</span>}
          <span className="tag filled"><Bot size={12} aria-hidden /> {row.mentor}</span>
          <span className="numbers spare" title={`${row.turns} ${row.turns === 1 ? "question" : "questions"}`}>{row.turns}</span>
          <Person name={row.created_by} />
          <When at={row.updated_at} />
        </span>
      </Link>
    </li>
  )
}

export function StateIcon({ state }: { state: State }) {
  const { icon: Icon, tone } = STATES[state]
  return (
    <span className={`state tone-${tone}`} role="img" aria-label={label(state)} title={label(state)} data-state={state}>
      <Icon size={15} aria-hidden />
    </span>
  )
}
