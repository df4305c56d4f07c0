"use client"
// A list whose rows are put into order: by mouse or finger at their grips, by Space and the arrows on them.
import { type Announcements, closestCenter, DndContext, type DragEndEvent, KeyboardSensor, type Modifier, MouseSensor, TouchSensor, useSensor, useSensors } from "@dnd-kit/core"
import { SortableContext, sortableKeyboardCoordinates, useSortable, verticalListSortingStrategy } from "@dnd-kit/sortable"
import { GripVertical } from "lucide-react"
import type { CSSProperties, ReactNode } from "react"

type Row = { ref: (element: HTMLElement | null) => void; style: CSSProperties; isDragged: boolean; grip: ReactNode }
/** `names` are what the rows are called, where that is not their id. */
type Given = { ids: readonly string[]; names?: readonly string[]; move: (id: string, index: number) => void; isLocked?: boolean; children: ReactNode }

const upAndDown: Modifier = ({ transform }) => ({ ...transform, x: 0 })

export function Sortable({ ids, names = ids, move, isLocked = false, children }: Given) {
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 4 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 150, tolerance: 8 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates, keyboardCodes: { start: ["Space"], cancel: ["Escape"], end: ["Space", "Enter"] } }),
  )
  function drop({ active, over }: DragEndEvent) {
    if (over && over.id !== active.id) move(String(active.id), ids.indexOf(String(over.id)))
  }
  return (
    <DndContext sensors={sensors} collisionDetection={closestCenter} modifiers={[upAndDown]} onDragEnd={drop} accessibility={{ announcements: told(ids, names), screenReaderInstructions: { draggable: "Space takes the row up, the arrows move it, Space puts it down, Escape leaves it where it was." } }}>
      <SortableContext items={[...ids]} strategy={verticalListSortingStrategy} disabled={isLocked}>{children}</SortableContext>
    </DndContext>
  )
}

function told(ids: readonly string[], names: readonly string[]): Announcements {
  const name = ({ id }: { id: string | number }) => names[ids.indexOf(String(id))]
  const place = (id: string | number) => `place ${ids.indexOf(String(id)) + 1} of ${ids.length}`
  return {
    onDragStart: ({ active }) => `${name(active)} is taken up from ${place(active.id)}.`,
    onDragOver: ({ active, over }) => (over ? `${name(active)} is over ${place(over.id)}.` : undefined),
    onDragEnd: ({ active, over }) => `${name(active)} is put down${over ? ` at ${place(over.id)}` : ""}.`,
    onDragCancel: ({ active }) => `${name(active)} stays where it was.`,
  }
}

/** `name` is what the row is called, for the name of its grip. */
export function useRow(id: string, name: string): Row {
  const { setNodeRef, setActivatorNodeRef, listeners, attributes, transform, transition, isDragging } = useSortable({ id })
  const style: CSSProperties = { ...(transform ? { transform: `translate3d(0, ${transform.y}px, 0)` } : {}), ...(transition ? { transition } : {}) }
  const grip = (
    <button ref={setActivatorNodeRef} type="button" className="grip" aria-label={`Move ${name}`} aria-describedby={attributes["aria-describedby"]} {...listeners}>
      <GripVertical size={14} aria-hidden />
    </button>
  )
  return { ref: setNodeRef, style, isDragged: isDragging, grip }
}
