"use client"
// A column of the board. Of its cards only those are drawn that are seen, and the next are fetched as one comes near them.
import { useDraggable, useDroppable } from "@dnd-kit/core"
import { useVirtualizer, type VirtualItem } from "@tanstack/react-virtual"
import { memo, useEffect, useRef } from "react"
import type { Answer, Arguments } from "@/lib/api"
import type { choices } from "@/lib/choices"
import { usePages } from "@/lib/data"
import { Link } from "@/lib/route"
import { label } from "@/lib/words"
import { Due, Person, PriorityIcon, StatusIcon, Waiting } from "./parts"

export type Issue = Answer<"list_issues">["items"][number]
export type Status = (typeof choices.update_issue.status)[number]
export type Moved = { issue: Issue; to: Status }

const HEIGHT = 72 // of a card with one line; each is measured once it is drawn
const GAP = 6
const NEAR = 15 // cards before the end of what was fetched

type Given = { status: Status; input: Arguments<"list_issues">; moved: Moved | undefined }

export const Column = memo(function Column({ status, input, moved }: Given) {
  const issues = usePages("list_issues", { ...input, status: [status], sort: "priority", limit: 50 })
  const { setNodeRef, isOver } = useDroppable({ id: status })
  const listed = issues.data?.pages.flatMap(({ items }) => items) ?? []
  const others = listed.filter(({ key }) => key !== moved?.issue.key)
  const cards = moved?.to === status ? [{ ...moved.issue, status }, ...others] : others
  const total = issues.data?.pages[0]?.total
  return (
    <section ref={setNodeRef} className="column" data-over={isOver} data-status={status} aria-label={label(status)}>
      <h2><StatusIcon value={status} /> {label(status)} <span className="count">{total}</span></h2>
      <Waiting query={issues} />
      <Cards cards={cards} total={total ?? cards.length} more={issues.hasNextPage && !issues.isFetchingNextPage ? issues.fetchNextPage : undefined} />
    </section>
  )
}, isSame)

/** The filters are made anew with every look at the address. */
function isSame(before: Given, after: Given): boolean {
  return before.status === after.status && before.moved === after.moved && JSON.stringify(before.input) === JSON.stringify(after.input)
}

function Cards({ cards, total, more }: { cards: Issue[]; total: number; more: (() => unknown) | undefined }) {
  const box = useRef<HTMLDivElement>(null)
  const list = useVirtualizer({
    count: cards.length,
    getScrollElement: () => box.current,
    estimateSize: () => HEIGHT,
    getItemKey: (index) => cards[index]?.key ?? index,
    gap: GAP,
    overscan: 4,
    useFlushSync: false,
  })
  const shown = list.getVirtualItems()
  const isNearEnd = (shown.at(-1)?.index ?? 0) >= cards.length - NEAR
  useEffect(() => {
    if (isNearEnd) more?.()
  }, [isNearEnd, more])
  return (
    <div className="cards" ref={box} tabIndex={-1}>
      <ol style={{ height: list.getTotalSize() }}>
        {shown.map((place) => {
          const issue = cards[place.index]
          return issue && <Card key={place.key} issue={issue} place={place} total={total} measure={list.measureElement} />
        })}
      </ol>
    </div>
  )
}

function Card({ issue, place, total, measure }: { issue: Issue; place: VirtualItem; total: number; measure: (node: Element | null) => void }) {
  const { setNodeRef, listeners, attributes, isDragging } = useDraggable({ id: issue.key, data: issue })
  return (
    <li ref={measure} data-index={place.index} style={{ transform: `translateY(${place.start}px)` }} aria-posinset={place.index + 1} aria-setsize={total}>
      <Link ref={setNodeRef} href={`/${issue.key}`} className="card" data-key={issue.key} data-dragged={isDragging} draggable={false} {...listeners} aria-describedby={attributes["aria-describedby"]} aria-roledescription="card that can be moved">
        <Face issue={issue} />
      </Link>
    </li>
  )
}

export const Face = memo(function Face({ issue }: { issue: Issue }) {
  return (
    <>
      <span className="title">{issue.title}</span>
      <span className="meta">
        <PriorityIcon value={issue.priority} /> {issue.key} {issue.blocked && <span className="tone-red">waits</span>} {issue.due && <Due date={issue.due} />}
        {issue.assignee && <Person name={issue.assignee} />}
      </span>
    </>
  )
})
