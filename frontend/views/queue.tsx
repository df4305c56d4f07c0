"use client"
// The work queue: what comes next and why, and who holds what at present.
import { ArrowDownToLine, ArrowUpToLine, RotateCcw, type LucideIcon } from "lucide-react"
import { Bar } from "@/components/bar"
import { IssueRow } from "@/components/issue-row"
import { useNotices } from "@/components/notices"
import { Empty, Waiting } from "@/components/parts"
import { useSelection } from "@/components/selection"
import { useCall, useTool } from "@/lib/data"
import { useAddress } from "@/lib/route"

const PLACES: readonly [string, string, LucideIcon][] = [["top", "To the top", ArrowUpToLine], ["bottom", "To the bottom", ArrowDownToLine], ["none", "Automatic place", RotateCcw]]

export default function Queue() {
  const project = useAddress().query.get("project")
  const status = useTool("get_status", project ? { project } : {})
  const update = useCall("update_issue")
  const { say, fail } = useNotices()
  async function put(key: string, place: string) {
    try {
      const { place: where } = await update.mutateAsync({ key, place })
      say({ text: where ?? `${key} has its automatic place again` })
    } catch (error) {
      fail(error)
    }
  }
  const queue = status.data?.queue.items ?? []
  const claimed = status.data?.in_progress.items ?? []
  const { selected } = useSelection([...queue, ...claimed].map(({ key }) => key))
  return (
    <>
      <Bar title="Queue" />
      <div className="scroll">
        <Waiting query={status} />
        <section className="section">
          <h2>Next <span className="count">{status.data?.queue.total}</span></h2>
          <ol>
            {queue.map((issue) => (
              <IssueRow key={issue.key} issue={issue} isSelected={issue.key === selected} actions={PLACES.map(([place, title, Icon]) => (
                <button key={place} className="icon-button" title={title} aria-label={`${issue.key}: ${title}`} onClick={() => void put(issue.key, place)}><Icon size={14} aria-hidden /></button>
              ))} />
            ))}
          </ol>
        </section>
        {status.data && !queue.length && <Empty title="The queue is empty" command="c">Issues that are ready and wait for nothing stand here by themselves.</Empty>}
        {claimed.length > 0 && (
          <section className="section">
            <h2>At work <span className="count">{claimed.length}</span></h2>
            <ul>{claimed.map((issue) => <IssueRow key={issue.key} issue={issue} isSelected={issue.key === selected} />)}</ul>
          </section>
        )}
      </div>
    </>
  )
}
