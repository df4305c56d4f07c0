"use client"
// What people and agents did, newest first, a group for each session; a session can be taken back as a whole.
import { Bar } from "@/components/bar"
import { Clear, One, useAddressFilters } from "@/components/filters"
import { usePeople, useProjects } from "@/components/issue-choices"
import { Empty, Person, Waiting, When } from "@/components/parts"
import { SaveView } from "@/components/saved-view"
import { useShell } from "@/components/shell-context"
import { useUndo } from "@/components/undo"
import { type Event, type Filter, FILTERS, useActivity } from "@/lib/activity"
import { choices } from "@/lib/choices"
import { Link } from "@/lib/route"
import { day, label, valueWords } from "@/lib/words"

const RANK = "rank" // a text that means something to its neighbours alone
const ME = { value: "me", text: "Me" }
// What is said of an item is an event of that item.
const KINDS = choices.search.kind.filter((kind) => kind !== "comment").map((value) => ({ value, text: label(value) }))
const DAYS = [["today", "Today"], ["yesterday", "Yesterday"], ["-7d", "7 days ago"], ["-30d", "30 days ago"]].map(([value = "", text = ""]) => ({ value, text }))
const FREE: Partial<Record<Filter, string>> = { machine: "A machine's name", session: "A session's id", key: "WEB-12", since: "2026-12-31, yesterday, -7d", until: "2026-12-31, yesterday, -7d" }

export default function Activity() {
  const { query, set, clear } = useAddressFilters()
  const activity = useActivity(query)
  const events = activity.data?.pages.flatMap(({ items }) => items) ?? []
  const last = activity.data?.pages.at(-1)
  const undo = useUndo()
  const isFiltered = FILTERS.some((name) => query.get(name))
  return (
    <>
      <Bar title="Activity" />
      <Filters events={events} query={query} set={set} clear={clear} />
      <div className="scroll">
        <Waiting query={activity} />
        {groups(events).map((group) => <Group key={group[0].id} group={group} filter={(name, value) => set(name, [value])} undo={(session) => undo.ask({ session })} />)}
        {last && !events.length && !last.next_cursor && (isFiltered ? (
          <Empty title="Nothing that fits">Clear some filters: what people and agents do appears here by itself.</Empty>
        ) : (
          <Empty title="Nothing has happened yet" command="turbo-client call create_project key=WEB name='Web shop'">What people and agents do appears here by itself. It begins with a project.</Empty>
        ))}
        {last?.next_cursor && (
          <div className="more">
            {last.looked_back_to && <span>Looked back to {day(last.looked_back_to)}</span>}
            <button className="button" disabled={activity.isFetchingNextPage} onClick={() => void activity.fetchNextPage()}>{last.looked_back_to ? "Look further back" : "Show more"}</button>
          </div>
        )}
      </div>
      {undo.dialog}
    </>
  )
}

type Setting = Pick<ReturnType<typeof useAddressFilters>, "query" | "set" | "clear">

function Filters({ events, query, set, clear }: Setting & { events: readonly Event[] }) {
  const people = usePeople().filter(({ value }) => value !== "none")
  const seen = (name: "machine" | "session") => [...new Set(events.flatMap((event) => event[name] ?? []))].map((value) => ({ value, text: value }))
  const all = { person: [ME, ...people], machine: seen("machine"), session: seen("session"), project: useProjects(), kind: KINDS, key: [], since: DAYS, until: DAYS }
  return (
    <div className="tools" role="group" aria-label="Filters">
      {FILTERS.map((name) => (
        <One key={name} name={name} choices={all[name]} chosen={query.get(name) ?? undefined} set={set} {...(FREE[name] ? { free: FREE[name] } : {})} />
      ))}
      <Clear query={query} clear={clear} />
      <SaveView />
    </div>
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

function Group({ group, filter, undo }: { group: Grouped; filter: (name: Filter, value: string) => void; undo: (session: string) => void }) {
  const { me } = useShell()
  const { person, machine, session } = group[0]
  return (
    <section className="section">
      <h2 style={{ alignItems: "center" }}>
        <Person name={person} /> <button className="narrow" title={`Only ${person}`} onClick={() => filter("person", person)}>{person}</button>
        {machine && <button className="count narrow" title={`Only on ${machine}`} onClick={() => filter("machine", machine)}>on {machine}</button>}
        {session && <button className="count narrow ellipsis" title={`Only session ${session}`} onClick={() => filter("session", session)}>session {session.slice(0, 8)}</button>}
        <span className="grow" />
        {session && me.key.scope !== "read" && <button className="button quiet" onClick={() => undo(session)}>Undo session</button>}
      </h2>
      <ol>{group.map((event) => <Happened key={event.id} event={event} />)}</ol>
    </section>
  )
}

function Happened({ event }: { event: Event }) {
  return (
    <li className="entry" data-event={event.id} data-undone={event.undone_by !== undefined}>
      <span />
      <span className="what">
        {event.key ? <Link className="key" href={`/${event.key}`}>{event.key}</Link> : label(event.kind)} {event.action}
        {event.undoes ? <span className="faint"> (takes back event {event.undoes})</span> : null}
        {event.undone_by ? <span className="faint"> (undone)</span> : null}
        {event.changes?.filter(({ field }) => event.action !== "created" || field === "title").map(({ field, before, after }) => (
          <span className="change" key={field}>{field === RANK ? "Its place in the queue" : <>{label(field)}: {before === undefined ? "" : `${valueWords(before)} → `}{valueWords(after)}</>}</span>
        ))}
      </span>
      <When at={event.at} />
    </li>
  )
}
