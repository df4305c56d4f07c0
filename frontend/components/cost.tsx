"use client"
// What the mentors' answers cost: today against what a day may cost, and the days before, by day, person or mentor.
import { useEffect, useRef, useState } from "react"
import { dollars, type Usage, type Used, useUsage } from "@/lib/mentors"
import { day, whole } from "@/lib/words"
import { Waiting } from "./parts"
import { useShell } from "./shell-context"

const DAYS = 30
const BY = { day: "By day", person: "By person", mentor: "By mentor" } as const
type By = keyof typeof BY

export function Cost() {
  const usage = useUsage(DAYS)
  const section = useRef<HTMLElement>(null)
  const isThere = usage.data !== undefined
  useEffect(() => {
    if (isThere && window.location.hash === "#cost") section.current?.scrollIntoView()
  }, [isThere])
  return (
    <section ref={section} className="section cost" aria-label="Cost">
      <h2>Cost</h2>
      <Waiting query={usage} />
      {usage.data && <Shown usage={usage.data} />}
    </section>
  )
}

function Shown({ usage }: { usage: Usage }) {
  const { me } = useShell()
  const [by, setBy] = useState<By>("day")
  const today = usage.days.find((each) => each.day === usage.today)
  const caps = Object.entries(usage.budgets.mentors)
  return (
    <div className="inner">
      <div className="caps">
        <Cap name="Everybody today" spent={spentOf(today?.total)} cap={usage.budgets.workspace} />
        <Cap name="You today" spent={spentOf(today?.people[me.name])} cap={usage.budgets.person} />
        {caps.map(([name, cap]) => <Cap key={name} name={`${name} today`} spent={spentOf(today?.mentors[name])} cap={cap} />)}
      </div>
      <p className="soft small">
        Budgets are of a day in UTC; they begin anew <time dateTime={usage.resets_at} title={usage.resets_at}>{whole(usage.resets_at)}</time> ({until(usage.resets_at)}).
        {!usage.answers_itself && " This server has no key: answers by Claude Code cost nothing here."}
      </p>
      {usage.days.length > 0 && (
        <>
          <Bars usage={usage} />
          <div className="choices" role="group" aria-label="Sums">
            {(Object.keys(BY) as By[]).map((each) => (
              <button key={each} className={each === by ? "chip on" : "chip"} aria-pressed={each === by} onClick={() => setBy(each)}>{BY[each]}</button>
            ))}
          </div>
          <Sums rows={sums(usage, by)} by={by} />
        </>
      )}
    </div>
  )
}

/** With what answers under way may still cost: that is what the server holds against the cap. */
function spentOf(used: Used | undefined): number {
  return used ? used.usd + (used.reserved ?? 0) : 0
}

export function Cap({ name, spent, cap }: { name: string; spent: number; cap: number }) {
  const percent = cap > 0 ? Math.min(100, (spent / cap) * 100) : 100
  return (
    <div className="cap" data-level={percent >= 100 ? "full" : percent >= 80 ? "near" : "room"}>
      <span className="row"><span className="grow faint tiny">{name}</span></span>
      <span className="numbers"><strong>{dollars(spent)}</strong> <span className="faint">of {dollars(cap)}</span></span>
      <i role="meter" aria-label={name} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(percent)} aria-valuetext={`${dollars(spent)} of ${dollars(cap)}`}><b style={{ width: `${percent}%` }} /></i>
    </div>
  )
}

function Bars({ usage }: { usage: Usage }) {
  const days = lastDays(usage.today)
  const spent = new Map(usage.days.map((each) => [each.day, each.total.usd]))
  const most = Math.max(...days.map((each) => spent.get(each) ?? 0), 1e-6)
  return (
    <ol className="bars" aria-label={`Cost of each of the last ${DAYS} days`}>
      {days.map((each) => {
        const usd = spent.get(each) ?? 0
        return (
          <li key={each} title={`${day(each)}: ${dollars(usd)}`}>
            <span className="hidden-text">{day(each)}: {dollars(usd)}</span>
            <b style={{ height: usd ? `${Math.max(4, (usd / most) * 100)}%` : 0 }} />
          </li>
        )
      })}
    </ol>
  )
}

type Sum = { name: string; used: Used }

function Sums({ rows, by }: { rows: readonly Sum[]; by: By }) {
  return (
    <div className="wide" tabIndex={0} role="region" aria-label={BY[by]}>
      <table className="plain">
        <thead><tr><th>{by === "day" ? "Day" : by === "person" ? "Person" : "Mentor"}</th><th className="figure">Answers</th><th className="figure">Tokens read</th><th className="figure">of them cached</th><th className="figure">Tokens written</th><th className="figure">Cost</th></tr></thead>
        <tbody>
          {rows.map(({ name, used }) => (
            <tr key={name}>
              <td>{by === "day" ? day(name) : name}</td>
              <td className="figure">{used.answers}</td>
              <td className="figure">{tokens(used.input_tokens + used.cache_write_tokens + used.cache_read_tokens)}</td>
              <td className="figure">{tokens(used.cache_read_tokens)}</td>
              <td className="figure">{tokens(used.output_tokens)}</td>
              <td className="figure">{dollars(used.usd)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function sums(usage: Usage, by: By): Sum[] {
  if (by === "day") return usage.days.map((each) => ({ name: each.day, used: each.total }))
  const all = new Map<string, Used>()
  for (const each of usage.days) {
    for (const [name, used] of Object.entries(by === "person" ? each.people : each.mentors)) all.set(name, added(all.get(name), used))
  }
  return [...all].map(([name, used]) => ({ name, used })).sort((one, other) => other.used.usd - one.used.usd)
}

function added(one: Used | undefined, other: Used): Used {
  if (!one) return other
  const sum = { ...one }
  for (const name of ["answers", "usd", "input_tokens", "output_tokens", "cache_write_tokens", "cache_read_tokens"] as const) sum[name] += other[name]
  return sum
}

const COUNT = new Intl.NumberFormat("en")

function tokens(count: number): string {
  return COUNT.format(count)
}

/** in 5 h 12 min */
function until(moment: string): string {
  const minutes = Math.max(0, Math.round((Date.parse(moment) - Date.now()) / 60_000))
  return `in ${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

function lastDays(today: string): string[] {
  const end = Date.parse(`${today}T00:00:00Z`)
  return Array.from({ length: DAYS }, (_, index) => new Date(end - (DAYS - 1 - index) * 86_400_000).toISOString().slice(0, 10))
}
