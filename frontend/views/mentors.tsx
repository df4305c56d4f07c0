"use client"
// The mentors: who they are and what they look after, the conversations with them, and what their answers cost.
import { Bot, MessagesSquare, Plus } from "lucide-react"
import { useState } from "react"
import { Bar } from "@/components/bar"
import { Choose } from "@/components/choose"
import { Conversations, STATES } from "@/components/conversation-rows"
import { Cap, Cost } from "@/components/cost"
import { NewMentor } from "@/components/mentor-form"
import { Empty, Waiting } from "@/components/parts"
import { useShell } from "@/components/shell-context"
import { dollars, type Mentor, useMentors } from "@/lib/mentors"
import { Link, navigate, useAddress } from "@/lib/route"
import { label } from "@/lib/words"

export default function Mentors() {
  const { me, ask } = useShell()
  const { query } = useAddress()
  const isArchived = query.get("mentors") === "archived"
  const mentors = useMentors(isArchived)
  const [isNew, setNew] = useState(false)
  const canWrite = me.key.scope !== "read"
  const all = mentors.data?.items ?? []
  return (
    <>
      <Bar title="Mentors">
        {canWrite && (
          <>
            <button className="button" onClick={() => ask()}><MessagesSquare size={14} aria-hidden /> Ask</button>
            <button className="button" onClick={() => setNew(true)}><Plus size={14} aria-hidden /> <span className="spare">New mentor</span><span className="hidden-text phone">New mentor</span></button>
          </>
        )}
      </Bar>
      <div className="scroll">
        <Waiting query={mentors} />
        {mentors.data && !mentors.data.answers_itself && <NoKey />}
        <ul className="mentors" aria-label="Mentors">{all.map((each) => <Card key={each.key} mentor={each} canAsk={canWrite && !isArchived} />)}</ul>
        {isArchived && mentors.data && !all.length && <p className="soft small aside">No mentor was put away.</p>}
        <p className="aside small">
          {isArchived ? <Link className="tone-accent" href="/mentors">Back to those at work</Link> : <Link className="faint" href="/mentors?mentors=archived">Those that were put away</Link>}
        </p>
        {!isArchived && <Talks mentors={all} />}
        {!isArchived && <Cost />}
      </div>
      {isNew && <NewMentor known={all} close={() => setNew(false)} />}
    </>
  )
}

function NoKey() {
  return (
    <p className="note small">
      This server has no key for Anthropic’s API, so mentors answer through Claude Code: it gets the mentor’s instructions and a brief, answers, and records
      the answer here. With <code>ANTHROPIC_API_KEY</code> set, the server answers by itself.
    </p>
  )
}

function Card({ mentor, canAsk }: { mentor: Mentor; canAsk: boolean }) {
  const { ask } = useShell()
  const waits = [mentor.unanswered ? `${mentor.unanswered} unanswered` : "", mentor.to_decide ? `${mentor.to_decide} to decide` : ""].filter(Boolean)
  return (
    <li className="mentor">
      <Link className="who" href={`/${mentor.key}`}>
        <span className="avatar" aria-hidden><Bot size={17} /></span>
        <span className="grow">
          <strong>{mentor.key}</strong>
          <span className="soft small">{mentor.role}</span>
        </span>
      </Link>
      <p className="soft small clamped">{mentor.watches}</p>
      <div className="row wrap tiny faint">
        <Link href={`/mentors?mentor=${mentor.name}`}>{mentor.conversations} {mentor.conversations === 1 ? "conversation" : "conversations"}</Link>
        {waits.map((each) => <span key={each} className="tag tone-accent">{each}</span>)}
        {mentor.may_propose && <span className="tag">May propose</span>}
        {mentor.has_own_model && <span className="tag">{mentor.model}</span>}
      </div>
      <div className="row">
        <div className="grow">
          {mentor.daily_budget === undefined
            ? <span className="faint tiny numbers">{dollars(mentor.spent_today)} today{mentor.answers_today ? `, ${mentor.answers_today} ${mentor.answers_today === 1 ? "answer" : "answers"}` : ""}</span>
            : <Cap name={`${mentor.key} today`} spent={mentor.spent_today} cap={mentor.daily_budget} />}
        </div>
        {canAsk && <button className="button quiet" aria-label={`Ask ${mentor.key}`} onClick={() => ask({ mentor: mentor.name })}>Ask</button>}
        <Link className="button quiet" aria-label={`${canAsk ? "Edit" : "Open"} ${mentor.key}`} href={`/${mentor.key}`}>{canAsk ? "Edit" : "Open"}</Link>
      </div>
    </li>
  )
}

function Talks({ mentors }: { mentors: readonly Mentor[] }) {
  const { query } = useAddress()
  const [mentor, status] = [query.get("mentor") ?? "", query.get("status") ?? ""]
  function set(name: string, value: string) {
    const next = new URLSearchParams(query)
    if (next.get(name) === value) next.delete(name)
    else next.set(name, value)
    navigate(`/mentors?${next}`, "replace")
  }
  const states = [...Object.entries(STATES).map(([value, { icon: Icon }]) => ({ value, text: label(value), icon: <Icon size={14} aria-hidden /> })), { value: "archived", text: "Archived" }]
  return (
    <section className="section">
      <h2>Conversations</h2>
      <div className="tools" role="group" aria-label="Filters">
        <Choose label="Mentor" className={mentor ? "chip on" : "chip"} choices={mentors.map(({ key, name }) => ({ value: name, text: key }))} chosen={[mentor]} choose={(value) => set("mentor", value)}>
          {mentor ? `Mentor: @${mentor}` : "Mentor"}
        </Choose>
        <Choose label="State" className={status ? "chip on" : "chip"} choices={states} chosen={[status]} choose={(value) => set("status", value)}>
          {status ? `State: ${label(status)}` : "State"}
        </Choose>
        {(mentor || status) && <button className="chip" onClick={() => navigate("/mentors", "replace")}>Clear</button>}
      </div>
      <Conversations filter={{ ...(mentor ? { mentor } : {}), ...(status ? { status } : {}) }} empty={mentor || status ? <p className="soft small aside">No conversation fits these filters.</p> : <Teach />} />
    </section>
  )
}

function Teach() {
  return (
    <Empty title="No conversation yet" command="Ask the architect whether TURBO-12 goes against anything we decided.">
      Press <kbd>m</kbd> to ask here, or write <code>@architect</code> in a comment: it is answered beneath. In Claude Code the same is <code>ask_mentor</code>; just say:
    </Empty>
  )
}
