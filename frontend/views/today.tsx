"use client"
// Where things stand: what waits for a person, what is at work, what is due, what comes next, what was done.
import { Bar } from "@/components/bar"
import { useList } from "@/components/bulk"
import { IssueRow } from "@/components/issue-row"
import { Empty, Person, Waiting, When } from "@/components/parts"
import type { Answer } from "@/lib/api"
import { useTool } from "@/lib/data"
import { Link } from "@/lib/route"
import { duration } from "@/lib/words"

type Status = Answer<"get_status">
type Section = NonNullable<Status["questions"]>

const SECTIONS = [
  ["questions", "Questions to you"], ["in_progress", "At work"], ["overdue", "Overdue"], ["due_in_7_days", "Due in the next 7 days"], ["queue", "Next in the queue"],
] as const

export default function Today() {
  const status = useTool("get_status", {})
  const shown = SECTIONS.flatMap(([name, title]) => {
    const section = status.data?.[name]
    return section?.items.length ? [{ name, title, section }] : []
  })
  const keys = [...new Set(shown.flatMap(({ section }) => section.items.map(({ key }) => key)))]
  const list = useList("issue", keys)
  return (
    <>
      <Bar title="Today" />
      {list.bar}
      <div className="scroll" onClickCapture={list.onClickCapture}>
        <Waiting query={status} />
        {status.data && <Figures status={status.data} />}
        {shown.map(({ name, title, section }) => (
          <Part key={name} title={title} section={section} shown={list.shown} />
        ))}
        {status.data && !shown.length && !status.data.recent_work.length && (
          <Empty title="A clear day" command="turbo-client call next_issue claim=true">Nothing is at work, due or waiting. Press c for a new issue, or let an agent take up the next one.</Empty>
        )}
        {status.data?.recent_work.length ? <Recent work={status.data.recent_work} /> : null}
      </div>
      {list.menu}
    </>
  )
}

function Figures({ status }: { status: Status }) {
  const figures = [
    ["open", status.open, status.more_open], ["blocked", status.blocked, status.more_blocked],
    ["at work", status.in_progress.total, status.in_progress.more], ["overdue", status.overdue.total, status.overdue.more],
  ] as const
  return (
    <div className="figures">
      {figures.map(([name, count, isMore]) => (
        <div key={name}>
          <strong className={name === "overdue" && count ? "overdue" : ""}>{count}{isMore ? "+" : ""}</strong>
          <span className="faint tiny">{name}</span>
        </div>
      ))}
    </div>
  )
}

type Shown = ReturnType<typeof useList>["shown"]

function Part({ title, section, shown }: { title: string; section: Section; shown: Shown }) {
  return (
    <section className="section">
      <h2>{title} <span className="count">{section.total}{section.more ? "+" : ""}</span></h2>
      <ul>
        {section.items.map((issue) => (
          <Fragment key={issue.key} issue={issue} {...shown(issue.key)} />
        ))}
      </ul>
    </section>
  )
}

function Fragment({ issue, ...shown }: { issue: Section["items"][number]; isSelected: boolean; isMarked: boolean }) {
  const told = [["Question", issue.question], ["State", issue.state], ["Next", issue.next_step]].filter(([, text]) => text)
  return (
    <>
      <IssueRow issue={issue} {...shown} />
      {told.length > 0 && (
        <li className="handoff">{told.map(([name, text]) => <div key={name}><b>{name}:</b> {text}</div>)}</li>
      )}
    </>
  )
}

function Recent({ work }: { work: Status["recent_work"] }) {
  return (
    <section className="section">
      <h2>Done lately</h2>
      <ul>
        {work.map((each) => (
          <li className="entry" key={each.at + (each.issue ?? "") + each.text}>
            <Person name={each.by} />
            <span className="what">
              {each.issue && <><Link className="key" href={`/${each.issue}`}>{each.issue}</Link> </>}{each.text}
              {each.minutes ? <span className="faint"> {duration(each.minutes)}</span> : null}
            </span>
            <When at={each.at} />
          </li>
        ))}
      </ul>
    </section>
  )
}
