"use client"
// The work queue: what comes next and why, in an order that a person may change; and who holds what at present.
import { ArrowDownToLine, ArrowUpToLine, RotateCcw, type LucideIcon } from "lucide-react"
import { Bar } from "@/components/bar"
import { useList } from "@/components/bulk"
import { Claims } from "@/components/claims"
import { One, useAddressFilters } from "@/components/filters"
import { useProjects } from "@/components/issue-choices"
import { IssueRow } from "@/components/issue-row"
import { useNotices } from "@/components/notices"
import { Empty, Waiting } from "@/components/parts"
import { SaveView } from "@/components/saved-view"
import { useShell } from "@/components/shell-context"
import { Sortable, useRow } from "@/components/sortable"
import { useCall } from "@/lib/data"
import { type Queued, useMove, useQueue } from "@/lib/queue"

const PLACES: readonly [string, string, string, LucideIcon][] = [
  ["top", "To the top", "T", ArrowUpToLine], ["bottom", "To the end of those placed by hand", "B", ArrowDownToLine], ["none", "Automatic place", "A", RotateCcw],
]

export default function Queue() {
  const { query, set } = useAddressFilters()
  const project = query.get("project") ?? undefined
  const projects = useProjects()
  const queue = useQueue(project)
  const items = queue.data?.items ?? []
  const keys = items.map(({ key }) => key)
  const { me } = useShell()
  const canWrite = me.key.scope !== "read"
  const { put, place } = usePlaces(project)
  const list = useList("issue", keys, (chosen) => {
    const [first] = chosen
    const at = first ? keys.indexOf(first) : -1
    return [
      { keys: "J", does: "Move down", run: () => void (first && put(first, at + 1)), isOn: at >= 0 && at < keys.length - 1 },
      { keys: "K", does: "Move up", run: () => void (first && put(first, at - 1)), isOn: at > 0 },
      ...PLACES.map(([value, does, key]) => ({ keys: key, does, run: () => void place(chosen, value), isOn: chosen.length > 0 })),
    ]
  })
  return (
    <>
      <Bar title="Queue" />
      <div className="tools" role="group" aria-label="Filters">
        <One name="project" choices={projects} chosen={project} set={set} />
        <SaveView />
      </div>
      {list.bar}
      <div className="scroll queue" onClickCapture={list.onClickCapture}>
        <section className="section" aria-label="Next">
          <h2>Next <span className="count">{queue.data && keys.length}{queue.data?.more ? "+" : ""}</span> {canWrite && keys.length > 1 && <span className="count hint">drag the grip, or Space and the arrows on it; J and K move what is selected</span>}</h2>
          <Waiting query={queue} />
          <Sortable ids={keys} move={(key, index) => void put(key, index)} isLocked={!canWrite}>
            <ol aria-label="Queue">
              {items.map((issue) => <Row key={issue.key} issue={issue} {...list.shown(issue.key)} place={canWrite ? place : undefined} />)}
            </ol>
          </Sortable>
          {queue.data && !keys.length && <Empty title="The queue is empty" command="c">Issues that are ready and wait for nothing stand here by themselves.</Empty>}
        </section>
        <Claims project={project} />
      </div>
      {list.menu}
    </>
  )
}

type Place = (keys: readonly string[], place: string) => Promise<void>

function usePlaces(project: string | undefined) {
  const move = useMove(project)
  const update = useCall("update_issue")
  const { say, fail } = useNotices()
  async function put(key: string, index: number) {
    try {
      const moved = await move(key, index)
      if (moved?.held.length) say({ text: `${moved.key} is placed; ${moved.held.join(", ")} above it ${moved.held.length === 1 ? "keeps its place" : "keep their places"} by hand now` })
    } catch (error) {
      fail(error)
    }
  }
  const place: Place = async (keys, value) => {
    try {
      for (const key of value === "top" ? [...keys].reverse() : keys) {
        const { place: where } = await update.mutateAsync({ key, place: value })
        if (keys.length === 1) say({ text: where && where !== "automatic" ? `${key}: ${where}` : `${key} has its automatic place again` })
      }
    } catch (error) {
      fail(error)
    }
  }
  return { put, place }
}

type RowGiven = { issue: Queued; isSelected: boolean; isMarked: boolean; place: Place | undefined }

function Row({ issue, place, ...shown }: RowGiven) {
  const { ref, style, isDragged, grip } = useRow(issue.key, issue.key)
  const actions = place && PLACES.filter(([value]) => value !== "none" || issue.placed).map(([value, title, , Icon]) => (
    <button key={value} className="icon-button" title={title} aria-label={`${issue.key}: ${title}`} onClick={() => void place([issue.key], value)}><Icon size={14} aria-hidden /></button>
  ))
  return <IssueRow issue={issue} {...shown} row={{ ref, style, "data-dragged": isDragged, "data-placed": issue.placed }} before={place && grip} actions={actions} />
}
