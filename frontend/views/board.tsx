"use client"
// The board: a column for each state an issue may have, and cards that are dragged between them.
import { DndContext, type DragEndEvent, DragOverlay, KeyboardSensor, MouseSensor, TouchSensor, useDraggable, useSensor, useSensors } from "@dnd-kit/core"
import { type RefObject, type SyntheticEvent, useCallback, useLayoutEffect, useRef, useState } from "react"
import { Bar } from "@/components/bar"
import { useBoardKeys } from "@/components/board-keys"
import { useList } from "@/components/bulk"
import { type Arm, Column, Face, HOW_TO_MOVE, type Issue, type Status } from "@/components/board-column"
import { Filters, useFilters } from "@/components/filters"
import { useNotices } from "@/components/notices"
import { Empty } from "@/components/parts"
import { choices } from "@/lib/choices"
import { useCall, useTool } from "@/lib/data"

type Armed = { issue: Issue; card: HTMLElement }
type Listeners = ReturnType<typeof useDraggable>["listeners"]

export default function Board() {
  const filters = useFilters()
  const [moved, setMoved] = useState<{ issue: Issue; to: Status }>()
  const [lifted, setLifted] = useState<Issue>()
  const [armed, setArmed] = useState<Armed>()
  const [walked, setWalked] = useState<readonly string[]>([])
  const listeners = useRef<Listeners>(undefined)
  useBoardKeys()
  const list = useList("issue", walked, undefined, true)
  const { setSelected } = list
  const arm: Arm = useCallback((issue, card) => {
    setArmed((now) => (now?.issue === issue && now.card === card ? now : { issue, card }))
    setWalked((all) => (all.includes(issue.key) ? all : [...all, issue.key]))
    setSelected(issue.key)
  }, [setSelected])
  const update = useCall("update_issue")
  const { fail } = useNotices()
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 5 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 200, tolerance: 6 } }),
    useSensor(KeyboardSensor, { keyboardCodes: { start: ["Space"], cancel: ["Escape"], end: ["Space"] } }),
  )

  const isEmpty = useTool("list_issues", { ...filters.input, limit: 1 }).data?.total === 0

  function heard(event: SyntheticEvent) {
    const name = { mousedown: "onMouseDown", touchstart: "onTouchStart", keydown: "onKeyDown" }[event.type]
    if (name && event.target instanceof Element && event.target.closest(".card")) listeners.current?.[name]?.(event)
  }

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
      {list.bar}
      <div className="scroll" onClickCapture={list.onClickCapture}>
        <DndContext id={HOW_TO_MOVE} sensors={sensors} onDragStart={({ active }) => setLifted(active.data.current as Issue)} onDragEnd={(event) => void drop(event)} onDragCancel={() => setLifted(undefined)}>
          {isEmpty && (filters.query.size ? <Empty title="No issue fits these filters">Clear one, or all of them.</Empty> : (
            <Empty title="Nothing is on the board yet" command="c">Create the first issue here, or let an agent do it: “put this into Turbo”.</Empty>
          ))}
          {armed && <Armed armed={armed} listeners={listeners} />}
          <div className="board" hidden={isEmpty} onMouseDown={heard} onTouchStart={heard} onKeyDown={heard}>
            {choices.update_issue.status.map((status) => (
              <Column key={status} status={status} input={filters.input} arm={arm} marked={list.marked}
                lifted={lifted?.status === status ? lifted.key : undefined} moved={moved?.to === status || moved?.issue.status === status ? moved : undefined} />
            ))}
          </div>
          <DragOverlay dropAnimation={null}>{lifted && <div className="card lifted"><Face issue={lifted} /></div>}</DragOverlay>
        </DndContext>
      </div>
      {list.menu}
    </>
  )
}

/** Only the card that is pressed, or has the focus, is known to be draggable: each that is hears of every turn of a drag. */
function Armed({ armed: { issue, card }, listeners }: { armed: Armed; listeners: RefObject<Listeners> }) {
  const draggable = useDraggable({ id: issue.key, data: issue })
  const { setNodeRef } = draggable
  useLayoutEffect(() => setNodeRef(card), [card, setNodeRef])
  useLayoutEffect(() => {
    listeners.current = draggable.listeners
  })
  return null
}
