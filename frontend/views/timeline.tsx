"use client"
// Initiatives, milestones and issues with a day, along the weeks, of one project or of all.
import { useQuery } from "@tanstack/react-query"
import { useLayoutEffect, useRef } from "react"
import { Bar } from "@/components/bar"
import { Choose } from "@/components/choose"
import { useProjects } from "@/components/issue-choices"
import { Empty, Waiting } from "@/components/parts"
import { useSelection } from "@/components/selection"
import { A_DAY, Lane, type LaneOf } from "@/components/timeline-lane"
import { useReschedule } from "@/components/timeline-move"
import { api, taken } from "@/lib/api"
import type { paths } from "@/lib/api-types"
import { dateOf, mondayOf, numberOf, today } from "@/lib/calendar"
import { useKeys } from "@/lib/keys"
import { navigate, useAddress } from "@/lib/route"
import { day } from "@/lib/words"

type Answer = paths["/v1/timeline"]["get"]["responses"][200]["content"]["application/json"]
const [BEFORE, AFTER, STEP] = [28, 26 * 7, 91]
const NARROW = 760

export default function Timeline() {
  const { query } = useAddress()
  const now = today()
  const [first, last] = [mondayOf(query.has("from") ? numberOf(query.get("from") ?? "") : now - BEFORE), mondayOf(query.has("to") ? numberOf(query.get("to") ?? "") : now + AFTER) + 6]
  const project = query.get("project") ?? undefined
  const span = { from: dateOf(first), to: dateOf(last), ...(project ? { project } : {}) }
  const timeline = useQuery({
    queryKey: ["tool", "timeline", span],
    queryFn: () => taken(api.GET("/v1/timeline", { params: { query: span } })),
    placeholderData: (before) => before,
  })
  const reschedule = useReschedule()
  const scroll = useRef<HTMLDivElement>(null)
  const toToday = () => scroll.current?.scrollTo({ left: (now - first - (window.innerWidth < NARROW ? 3 : 14)) * A_DAY })
  const shownFrom = useRef<number | undefined>(undefined)
  useLayoutEffect(() => {
    if (timeline.isPending) return
    if (shownFrom.current === undefined) toToday()
    else if (first < shownFrom.current) scroll.current?.scrollTo({ left: 0 })
    shownFrom.current = first
  })
  useKeys([{ keys: "t", does: "Today", run: toToday }], "On this page")
  const lanes = timeline.data ? lanesOf(timeline.data) : []
  const { selected } = useSelection(lanes.map(({ key }) => key))
  return (
    <>
      <Bar title="Timeline" />
      <Tools project={project} query={query} first={first} last={last} toToday={toToday} />
      <Waiting query={timeline} />
      {timeline.data && !lanes.length ? (
        <div className="scroll"><Empty title="Nothing has a day yet" command="turbo-client call create_milestone project=WEB title=Beta due=+20d">Milestones, initiatives and issues stand here by the day on which they are due.</Empty></div>
      ) : (
        <div className="scroll timeline" ref={scroll} tabIndex={0} role="region" aria-label="Timeline">
          <div className="weeks-wide" style={{ width: `calc(var(--names) + ${(last - first + 1) * A_DAY}px)` }}>
            <Weeks first={first} last={last} now={now} />
            <ul aria-label="What is planned">{lanes.map((lane) => <Lane key={lane.key} lane={lane} isSelected={lane.key === selected} span={[first, last]} now={now} reschedule={reschedule} />)}</ul>
          </div>
          {timeline.data?.left_out && <p className="more">Left out: {timeline.data.left_out}</p>}
        </div>
      )}
    </>
  )
}

function Tools({ project, query, first, last, toToday }: { project: string | undefined; query: URLSearchParams; first: number; last: number; toToday: () => void }) {
  const projects = useProjects()
  function set(name: string, value: string | undefined) {
    const next = new URLSearchParams(query)
    if (value === undefined) next.delete(name)
    else next.set(name, value)
    navigate(`/timeline${next.size ? `?${next}` : ""}`, "replace")
  }
  return (
    <div className="tools" role="group" aria-label="Filters">
      <Choose label="Project" className={project ? "chip on" : "chip"} choices={projects} chosen={project ? [project] : []} choose={(value) => set("project", value === project ? undefined : value)}>
        {project ? `Project: ${project}` : "All projects"}
      </Choose>
      <button className="chip" onClick={() => set("from", dateOf(first - STEP))}>Earlier</button>
      <button className="chip" title="t" onClick={toToday}>Today</button>
      <button className="chip" onClick={() => set("to", dateOf(last + STEP))}>Later</button>
      <span className="faint tiny tail">Drag a due day, or focus it and press ← →; with Shift a week</span>
    </div>
  )
}

function Weeks({ first, last, now }: { first: number; last: number; now: number }) {
  const weeks = Array.from({ length: Math.ceil((last - first + 1) / 7) }, (_, week) => first + week * 7)
  return (
    <div className="weeks" aria-hidden>
      <span className="corner" />
      {weeks.map((monday) => <span key={monday} style={{ width: 7 * A_DAY }}>{day(dateOf(monday))}</span>)}
      <i className="today" style={{ left: `calc(var(--names) + ${(now - first + 0.5) * A_DAY}px)` }} />
    </div>
  )
}

/** Initiatives, then milestones, and under each its issues: a milestone's under that; the rest by themselves. */
function lanesOf({ plans, issues }: Answer): LaneOf[] {
  const shown = new Set(plans.map(({ key }) => key))
  const home = (issue: Answer["issues"][number]) => [issue.milestone, issue.initiative].find((key) => key && shown.has(key))
  const lane = (issue: Answer["issues"][number]): LaneOf => ({ ...issue, kind: "issue", isUnder: home(issue) !== undefined })
  const ordered = [...plans].sort((one, other) => one.kind.localeCompare(other.kind)) // stable: by their day within
  return [
    ...ordered.flatMap((plan) => [{ ...plan, isUnder: false }, ...issues.filter((issue) => home(issue) === plan.key).map(lane)]),
    ...issues.filter((issue) => !home(issue)).map(lane),
  ]
}
