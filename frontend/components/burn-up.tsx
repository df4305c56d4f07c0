"use client"
// The burn-up of an initiative or a milestone: its scope and what of it is done, day by day; as a table too.
import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { api, taken } from "@/lib/api"
import type { paths } from "@/lib/api-types"
import { day } from "@/lib/words"
import type { Whole } from "./item-edit"
import { Waiting } from "./parts"

type Day = paths["/v1/burn-up"]["get"]["responses"][200]["content"]["application/json"]["days"][number]
const [WIDTH, HEIGHT] = [720, 190]
const PLOT = { left: 34, right: 12, top: 14, bottom: 24 }
const A_DAY = 86_400_000
const ROWS = 14 // of the table, spread over the days

export default function BurnUp({ item }: { item: Whole }) {
  const [isTable, setTable] = useState(false)
  const burnUp = useQuery({
    queryKey: ["tool", "burn-up", item.key],
    queryFn: () => taken(api.GET("/v1/burn-up", { params: { query: { key: item.key } } })),
  })
  const days = burnUp.data?.days ?? []
  const last = days.at(-1)
  if (!last) return <><Waiting query={burnUp} />{burnUp.data && <p className="faint small">{burnUp.data.left_out ?? `No issue counts toward it yet. Give one the key: turbo-client call update_issue key=… ${item.kind}=${item.key}`}</p>}</>
  return (
    <figure className="burn-up">
      <figcaption className="row">
        <span className="grow row small"><span className="dot of-scope" aria-hidden /> Scope {last.scope} <span className="dot of-done" aria-hidden /> Done {last.done}</span>
        <span className="switch" role="group" aria-label="Show the burn-up">
          <button aria-pressed={!isTable} onClick={() => setTable(false)}>Chart</button>
          <button aria-pressed={isTable} onClick={() => setTable(true)}>Table</button>
        </span>
      </figcaption>
      {isTable ? <Table days={days} /> : <Chart days={days} due={item.due} name={`${item.key}: ${last.done} of ${last.scope} done on ${day(last.day)}`} />}
      {burnUp.data?.left_out && <p className="faint tiny">{burnUp.data.left_out}</p>}
    </figure>
  )
}

function Chart({ days, due, name }: { days: readonly Day[]; due: string | undefined; name: string }) {
  const [first, last] = [at(days[0]?.day ?? ""), at(days.at(-1)?.day ?? "")]
  const end = due ? Math.max(at(due), last) : last
  const most = Math.max(...days.map(({ scope }) => scope), 1)
  const x = (when: number) => PLOT.left + ((when - first) / Math.max(end - first, A_DAY)) * (WIDTH - PLOT.left - PLOT.right)
  const y = (count: number) => HEIGHT - PLOT.bottom - (count / most) * (HEIGHT - PLOT.top - PLOT.bottom)
  const line = (of: "scope" | "done") => days.map((each, index) => `${index ? "H" : "M"} ${x(at(each.day))}${index ? ` V ${y(each[of])}` : ` ${y(each[of])}`}`).join(" ") + (days.length === 1 ? ` h ${WIDTH - PLOT.left - PLOT.right}` : "")
  const area = `${line("done")} V ${y(0)} H ${PLOT.left} Z`
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`Burn-up of ${name}`}>
      {ticks(most).map((count) => (
        <g key={count} className="grid"><path d={`M ${PLOT.left} ${y(count)} H ${WIDTH - PLOT.right}`} /><text x={PLOT.left - 7} y={y(count) + 4} textAnchor="end">{count}</text></g>
      ))}
      <path className="area" d={area} />
      <path className="line of-done" d={line("done")} />
      <path className="line of-scope" d={line("scope")} />
      {due && at(due) >= first && <g className="due"><path d={`M ${x(at(due))} ${PLOT.top - 6} V ${y(0)}`} /><text x={x(at(due)) - 5} y={PLOT.top + 2} textAnchor="end">due</text></g>}
      <g className="grid">
        <text x={PLOT.left} y={HEIGHT - 6}>{day(days[0]?.day ?? "")}</text>
        {end - last > (end - first) / 6 && last - first > (end - first) / 6 && <text x={x(last)} y={HEIGHT - 6} textAnchor="middle">today</text>}
        {end > first && <text x={WIDTH - PLOT.right} y={HEIGHT - 6} textAnchor="end">{day(new Date(end).toISOString().slice(0, 10))}</text>}
      </g>
    </svg>
  )
}

/** Days where something changed, and of many of them some. */
function Table({ days }: { days: readonly Day[] }) {
  const changed = days.filter(({ scope, done }, index) => index === days.length - 1 || scope !== days[index - 1]?.scope || done !== days[index - 1]?.done)
  const step = Math.ceil(changed.length / ROWS)
  const shown = changed.filter((_, index) => index % step === 0 || index === changed.length - 1).reverse()
  return (
    <div className="wide" tabIndex={0} role="region" aria-label="Burn-up by day">
      <table className="plain">
        <thead><tr><th>Day</th><th>Scope</th><th>Done</th><th>Open</th></tr></thead>
        <tbody>{shown.map(({ day: date, scope, done }) => <tr key={date}><td>{day(date)}</td><td>{scope}</td><td>{done}</td><td>{scope - done}</td></tr>)}</tbody>
      </table>
    </div>
  )
}

function at(date: string): number {
  return Date.parse(date)
}

function ticks(most: number): number[] {
  const step = Math.max(Math.ceil(most / 3), 1)
  return [0, 1, 2, 3].map((each) => each * step).filter((each) => each <= most)
}
