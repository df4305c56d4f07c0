"use client"
// A column of the board. Of its cards only those are drawn that are seen, and the next are fetched as one comes near them.
import { useDroppable } from "@dnd-kit/core"
import { defaultRangeExtractor, type Range, useVirtualizer, type VirtualItem } from "@tanstack/react-virtual"
import { memo, type ReactNode, useEffect, useMemo, useRef } from "react"
import type { Answer, Arguments } from "@/lib/api"
import type { choices } from "@/lib/choices"
import { usePages } from "@/lib/data"
import { Link } from "@/lib/route"
import { label } from "@/lib/words"
import { Due, Person, PriorityIcon, StatusIcon, Waiting } from "./parts"
import { type Place, reused } from "./reused"

export type Issue = Answer<"list_issues">["items"][number]
export type Status = (typeof choices.update_issue.status)[number]
export type Moved = { issue: Issue; to: Status }

export const HOW_TO_MOVE = "how-cards-are-moved" // the id of what tells it to screen readers
const HEIGHT = 5 // rem, of every card: to measure one would cost more than to draw it
const GAP = 6
const NEAR = 15 // cards before the end of what was fetched

/** Told of the card that may be lifted next. */
export type Arm = (issue: Issue, card: HTMLElement) => void
type Given = { status: Status; input: Arguments<"list_issues">; moved: Moved | undefined; lifted: string | undefined; marked: readonly string[]; arm: Arm }

export const Column = memo(function Column({ status, input, moved, lifted, marked, arm }: Given) {
  const issues = usePages("list_issues", { ...input, status: [status], sort: "priority", limit: 50 })
  const pages = issues.data?.pages
  const cards = useMemo(() => {
    const others = (pages ?? []).flatMap(({ items }) => items).filter(({ key }) => key !== moved?.issue.key)
    return moved?.to === status ? [{ ...moved.issue, status }, ...others] : others
  }, [pages, moved, status])
  const total = pages?.[0]?.total
  return (
    <Frame status={status}>
      <h2><StatusIcon value={status} /> {label(status)} <span className="count">{total}</span></h2>
      <Waiting query={issues} />
      <Cards cards={cards} total={total ?? cards.length} lifted={lifted} marked={marked} arm={arm} more={issues.hasNextPage && !issues.isFetchingNextPage ? issues.fetchNextPage : undefined} />
    </Frame>
  )
}, isSame)

/** What hears of every turn of a drag: what stands in it does not. */
function Frame({ status, children }: { status: Status; children: ReactNode }) {
  const { setNodeRef, isOver } = useDroppable({ id: status })
  return <section ref={setNodeRef} className="column" data-over={isOver} data-status={status} aria-label={label(status)}>{children}</section>
}

/** The filters are made anew with every look at the address. */
function isSame(before: Given, after: Given): boolean {
  return before.status === after.status && before.moved === after.moved && before.lifted === after.lifted && before.marked.join() === after.marked.join() && before.arm === after.arm && JSON.stringify(before.input) === JSON.stringify(after.input)
}

type OfCards = { cards: Issue[]; total: number; lifted: string | undefined; marked: readonly string[]; arm: Arm; more: (() => unknown) | undefined }

function Cards({ cards, total, lifted, marked, arm, more }: OfCards) {
  const box = useRef<HTMLDivElement>(null)
  const list = useVirtualizer({
    count: cards.length,
    getScrollElement: () => box.current,
    estimateSize: height,
    getItemKey: (index) => cards[index]?.key ?? index,
    rangeExtractor: (range) => withKept(range, [...aroundFocus(box.current), ...(lifted ? [cards.findIndex(({ key }) => key === lifted)] : [])]),
    gap: GAP,
    overscan: 4,
    useFlushSync: false,
  })
  const shown = list.getVirtualItems()
  const places = useRef<Place<VirtualItem>[]>([])
  places.current = reused(places.current, shown, list.isScrolling)
  const isNearEnd = (shown.at(-1)?.index ?? 0) >= cards.length - NEAR
  useEffect(() => {
    if (isNearEnd) more?.()
  }, [isNearEnd, more])
  return (
    <div className="cards" ref={box} tabIndex={-1}>
      <ol style={{ height: list.getTotalSize() }}>
        {places.current.map(({ slot, item: { index, start, size } }) => {
          const issue = cards[index]
          return issue && (
            <li key={slot} style={{ top: start, height: size }} aria-posinset={index + 1} aria-setsize={total}>
              <Card issue={issue} isLifted={lifted === issue.key} isMarked={marked.includes(issue.key)} arm={arm} />
            </li>
          )
        })}
      </ol>
    </div>
  )
}

/** The card that is dragged, and the one that has the focus with the two that a key leads to, stay while others are scrolled by. */
function withKept(range: Range, kept: readonly number[]): number[] {
  return [...new Set([...defaultRangeExtractor(range), ...kept.filter((index) => index >= 0 && index < range.count)])].sort((one, other) => one - other)
}

function aroundFocus(box: HTMLElement | null): number[] {
  const focused = box?.contains(document.activeElement) && document.activeElement?.closest("li")
  if (!focused) return []
  const position = Number(focused.getAttribute("aria-posinset"))
  return [position - 2, position - 1, position]
}

function height(): number {
  return HEIGHT * Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
}

const Card = memo(function Card({ issue, isLifted, isMarked, arm }: { issue: Issue; isLifted: boolean; isMarked: boolean; arm: Arm }) {
  const told = (event: { currentTarget: HTMLElement }) => arm(issue, event.currentTarget)
  return (
    <Link href={`/${issue.key}`} className="card" title={issue.title} data-key={issue.key} data-dragged={isLifted} data-marked={isMarked} draggable={false} onPointerDown={told} onFocus={told} onKeyDown={told} aria-describedby={HOW_TO_MOVE} aria-roledescription="card that can be moved">
      <Face issue={issue} />
    </Link>
  )
})

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
