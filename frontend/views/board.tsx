"use client"
// The board: a column for each state an issue may have, and cards that are dragged between them.
import { DndContext, type DragEndEvent, DragOverlay, KeyboardSensor, MouseSensor, TouchSensor, useDraggable, useDroppable, useSensor, useSensors } from "@dnd-kit/core"
import { useState } from "react"
import { Bar } from "@/components/bar"
import { Filters, useFilters } from "@/components/filters"
import { useNotices } from "@/components/notices"
import { Due, Empty, Person, PriorityIcon, StatusIcon, Waiting } from "@/components/parts"
import { type Answer, type Arguments } from "@/lib/api"
import { choices } from "@/lib/choices"
import { useCall, usePages, useTool } from "@/lib/data"
import { Link } from "@/lib/route"
import { label } from "@/lib/words"

type Issue = Answer<"list_issues">["items"][number]
type Status = (typeof choices.update_issue.status)[number]

export default function Board() {
  const filters = useFilters()
  const [moved, setMoved] = useState<{ issue: Issue; to: Status }>()
  const [lifted, setLifted] = useState<Issue>()
  const update = useCall("update_issue")
  const { fail } = useNotices()
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 5 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 200, tolerance: 6 } }),
    useSensor(KeyboardSensor, { keyboardCodes: { start: ["Space"], cancel: ["Escape"], end: ["Space"] } }),
  )

  const isEmpty = useTool("list_issues", { ...filters.input, limit: 1 }).data?.total === 0

  async function drop({ active, over }: DragEndEvent) {
    const issue = active.data.current as Issue
    setLifted(undefined)
    const to = choices.update_issue.status.find((each) => each === over?.id)
    if (!to || to === issue.status) return
    setMoved({ issue, to })
    try {
      await update.mutateAsync({ key: issue.key, status: to })
    } catch (error) {
      fail(error)
    } finally {
      setMoved(undefined)
    }
  }
  return (
    <>
      <Bar title="Board" />
      <Filters filters={filters} without={["status", "sort"]} />
      <div className="scroll">
        <DndContext sensors={sensors} onDragStart={({ active }) => setLifted(active.data.current as Issue)} onDragEnd={(event) => void drop(event)} onDragCancel={() => setLifted(undefined)}>
          {isEmpty && (filters.query.size ? <Empty title="No issue fits these filters">Clear one, or all of them.</Empty> : (
            <Empty title="Nothing is on the board yet" command="c">Create the first issue here, or let an agent do it: “put this into Turbo”.</Empty>
          ))}
          <div className="board" hidden={isEmpty}>
            {choices.update_issue.status.map((status) => (
              <Column key={status} status={status} input={filters.input} moved={moved} />
            ))}
          </div>
          <DragOverlay dropAnimation={null}>{lifted && <div className="card lifted"><Face issue={lifted} /></div>}</DragOverlay>
        </DndContext>
      </div>
    </>
  )
}

function Column({ status, input, moved }: { status: Status; input: Arguments<"list_issues">; moved: { issue: Issue; to: Status } | undefined }) {
  const issues = usePages("list_issues", { ...input, status: [status], sort: "priority", limit: 50 })
  const { setNodeRef, isOver } = useDroppable({ id: status })
  const listed = issues.data?.pages.flatMap(({ items }) => items) ?? []
  const others = listed.filter(({ key }) => key !== moved?.issue.key)
  const cards = moved?.to === status ? [{ ...moved.issue, status }, ...others] : others
  return (
    <section ref={setNodeRef} className="column" data-over={isOver} data-status={status} aria-label={label(status)}>
      <h2><StatusIcon value={status} /> {label(status)} <span className="count">{issues.data?.pages[0]?.total}</span></h2>
      <Waiting query={issues} />
      <ol>
        {cards.map((issue) => <Card key={issue.key} issue={issue} />)}
        {issues.hasNextPage && <li><button className="button quiet" onClick={() => void issues.fetchNextPage()}>Show more</button></li>}
      </ol>
    </section>
  )
}

function Card({ issue }: { issue: Issue }) {
  const { setNodeRef, listeners, attributes, isDragging } = useDraggable({ id: issue.key, data: issue })
  return (
    <li>
      <Link ref={setNodeRef} href={`/${issue.key}`} className="card" data-key={issue.key} data-dragged={isDragging} draggable={false} {...listeners} aria-describedby={attributes["aria-describedby"]} aria-roledescription="card that can be moved">
        <Face issue={issue} />
      </Link>
    </li>
  )
}

function Face({ issue }: { issue: Issue }) {
  return (
    <>
      <span className="title">{issue.title}</span>
      <span className="meta">
        <PriorityIcon value={issue.priority} /> {issue.key} {issue.blocked && <span className="tone-red">waits</span>} {issue.due && <Due date={issue.due} />}
        {issue.assignee && <Person name={issue.assignee} />}
      </span>
    </>
  )
}
