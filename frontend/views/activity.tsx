"use client"
// What people and agents did, newest first, a group for each session; a session can be taken back as a whole.
import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { Bar } from "@/components/bar"
import { Choose } from "@/components/choose"
import { usePeople } from "@/components/issue-choices"
import { Empty, Person, Waiting, When } from "@/components/parts"
import { useShell } from "@/components/shell-context"
import { useUndo } from "@/components/undo"
import type { paths } from "@/lib/api-types"
import { recentEvents } from "@/lib/recent"
import { Link } from "@/lib/route"
import { label, valueWords } from "@/lib/words"

type Event = paths["/v1/events"]["get"]["responses"][200]["content"]["application/json"]["items"][number]

export default function Activity() {
  const [person, setPerson] = useState<string>()
  const people = usePeople().filter(({ value }) => value !== "none")
  const events = useQuery({ queryKey: ["tool", "events", person], queryFn: () => recentEvents(person) })
  const undo = useUndo()
  return (
    <>
      <Bar title="Activity" />
      <div className="tools" role="group" aria-label="Filters">
        <Choose label="Person" className={person ? "chip on" : "chip"} choices={people} chosen={person ? [person] : []} choose={(value) => setPerson(value === person ? undefined : value)}>
          {person ? `Person: ${person}` : "Person"}
        </Choose>
      </div>
      <div className="scroll">
        <Waiting query={events} />
        {groups(events.data ?? []).map((group) => <Group key={group[0].id} group={group} undo={(session) => undo.ask({ session })} />)}
        {events.data?.length === 0 && <Empty title="Nothing has happened yet">What people and agents do appears here by itself.</Empty>}
      </div>
      {undo.dialog}
    </>
  )
}

type Grouped = [Event, ...Event[]]

/** Neighbours of the same person, machine and session. */
function groups(events: readonly Event[]): Grouped[] {
  const all: Grouped[] = []
  for (const event of events) {
    const last = all.at(-1)
    const same = last && last[0].person === event.person && last[0].session === event.session && last[0].machine === event.machine
    if (same) last.push(event)
    else all.push([event])
  }
  return all
}

function Group({ group, undo }: { group: Grouped; undo: (session: string) => void }) {
  const { me } = useShell()
  const { person, machine, session } = group[0]
  return (
    <section className="section">
      <h2 style={{ alignItems: "center" }}>
        <Person name={person} /> <span>{person}</span>
        {machine && <span className="count">on {machine}</span>}
        {session && <span className="count ellipsis" title={session}>session {session.slice(0, 8)}</span>}
        <span className="grow" />
        {session && me.key.scope !== "read" && <button className="button quiet" onClick={() => undo(session)}>Undo session</button>}
      </h2>
      <ol>{group.map((event) => <Happened key={event.id} event={event} />)}</ol>
    </section>
  )
}

function Happened({ event }: { event: Event }) {
  return (
    <li className="entry" data-event={event.id}>
      <span />
      <span className="what">
        {event.key ? <Link className="key" href={`/${event.key}`}>{event.key}</Link> : label(event.kind)} {event.action}
        {event.undoes ? <span className="faint"> (takes back event {event.undoes})</span> : null}
        {event.changes?.filter(({ field }) => event.action !== "created" || field === "title").map(({ field, before, after }) => (
          <span className="change" key={field}>{label(field)}: {before === undefined ? "" : `${valueWords(before)} → `}{valueWords(after)}</span>
        ))}
      </span>
      <When at={event.at} />
    </li>
  )
}
