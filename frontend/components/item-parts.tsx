"use client"
// What was said and done about an item: comments, the work log, and its history with undo.
import { type FormEvent, useState } from "react"
import { useActivity } from "@/lib/activity"
import { useCall } from "@/lib/data"
import { duration, label, valueWords } from "@/lib/words"
import type { Whole } from "./item-edit"
import { useNotices } from "./notices"
import { Empty, Person, Waiting, When } from "./parts"
import { Text } from "./text"
import { useUndo } from "./undo"

type Given = { item: Whole; canWrite: boolean }

function By({ name, machine, session }: { name: string; machine?: string | undefined; session?: string | undefined }) {
  return (
    <>
      <strong style={{ fontWeight: 600 }}>{name}</strong>
      {machine && <span className="faint tiny" title={session ? `Session ${session}` : undefined}>{session ? "agent on " : "on "}{machine}</span>}
    </>
  )
}

export function Talk({ item, canWrite }: Given) {
  const comments = item.latest_comments ?? []
  return (
    <>
      {!comments.length && <p className="faint small">No comments yet. Agents comment with <code>add_comment</code>; people here.</p>}
      <ol className="talk">
        {comments.map((each) => (
          <li key={each.id}>
            <div className="by"><Person name={each.author} /> <By name={each.author} machine={each.machine} session={each.session} /> <span className="faint tiny"><When at={each.at} /></span></div>
            <div className="text"><Text text={each.text} /></div>
          </li>
        ))}
      </ol>
      {canWrite && <Write tool="add_comment" itemKey={item.key} placeholder="Comment, in markdown" button="Comment" />}
    </>
  )
}

export function Work({ item, canWrite }: Given) {
  const work = item.latest_work ?? []
  return (
    <>
      {item.minutes ? <p className="soft small" style={{ marginBottom: 10 }}>{duration(item.minutes)} in all</p> : null}
      {!work.length && <p className="faint small">Nothing logged yet. Agents do it as they work: <code>/turbo-log</code>, or here.</p>}
      <ol className="talk">
        {work.map((each) => (
          <li key={each.at + each.text}>
            <div className="by"><Person name={each.author} /> <By name={each.author} machine={each.machine} session={each.session} />
              <span className="faint tiny"><When at={each.at} />{each.minutes ? ` · ${duration(each.minutes)}` : ""}{each.branch ? ` · ${each.branch}` : ""}{each.commit ? ` · ${each.commit.slice(0, 9)}` : ""}</span></div>
            <div className="text"><Text text={each.text} /></div>
          </li>
        ))}
      </ol>
      {canWrite && <Write tool="log_work" itemKey={item.key} placeholder="What was done" button="Log work" />}
    </>
  )
}

function Write({ tool, itemKey, placeholder, button }: { tool: "add_comment" | "log_work"; itemKey: string; placeholder: string; button: string }) {
  const [text, setText] = useState("")
  const comment = useCall("add_comment")
  const log = useCall("log_work")
  const { fail } = useNotices()
  const isBusy = comment.isPending || log.isPending
  async function send(event?: FormEvent) {
    event?.preventDefault()
    if (!text.trim() || isBusy) return
    try {
      if (tool === "add_comment") await comment.mutateAsync({ key: itemKey, text })
      else await log.mutateAsync({ issue: itemKey, text })
      setText("")
    } catch (error) {
      fail(error)
    }
  }
  return (
    <form className="write" onSubmit={send}>
      <textarea className="area" style={{ minHeight: 70 }} placeholder={placeholder} aria-label={placeholder} value={text} onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && void send()} />
      <button className="button" disabled={!text.trim() || isBusy}>{button}</button>
    </form>
  )
}

type Happening = NonNullable<Whole["history"]>[number]

export function History({ item, canWrite }: Given) {
  const undo = useUndo()
  const [isWhole, setWhole] = useState(false)
  const latest = item.history ?? []
  if (!latest.length) return <Empty title="No history">What changes from now on stands here, and can be taken back.</Empty>
  const ask = (event: number) => undo.ask({ event })
  return (
    <>
      {isWhole ? <WholeHistory itemKey={item.key} latest={latest} undo={canWrite ? ask : undefined} /> : <Happenings all={latest} undo={canWrite ? ask : undefined} />}
      {!isWhole && latest.at(-1)?.action !== "created" && <button className="button quiet" onClick={() => setWhole(true)}>Show all that happened</button>}
      {undo.dialog}
    </>
  )
}

type Undo = ((event: number) => void) | undefined

function WholeHistory({ itemKey, latest, undo }: { itemKey: string; latest: readonly Happening[]; undo: Undo }) {
  const activity = useActivity(new URLSearchParams({ key: itemKey }))
  const events = activity.data?.pages.flatMap(({ items }) => items)
  const all = events?.map(({ id, person, changes, ...event }): Happening => ({
    ...event, event: id, by: person,
    changed: (changes ?? []).map(({ field, before, after }) => ({ field, before: valueWords(before), after: valueWords(after) })),
  }))
  return (
    <>
      <Happenings all={all ?? latest} undo={undo} />
      <Waiting query={activity} />
      {activity.hasNextPage && <button className="button quiet" onClick={() => void activity.fetchNextPage()}>Show more</button>}
    </>
  )
}

function Happenings({ all, undo }: { all: readonly Happening[]; undo: Undo }) {
  return <ol>{all.map((each) => <Happened key={each.event} each={each} undo={undo && !each.undone_by ? () => undo(each.event) : undefined} />)}</ol>
}

function Happened({ each, undo }: { each: Happening; undo: (() => void) | undefined }) {
  return (
    <li className="entry">
      <Person name={each.by} />
      <span className="what">
        <By name={each.by} machine={each.machine} session={each.session} /> {each.action}
        {each.undone_by ? <span className="faint"> (undone)</span> : null}
        {each.changed?.map(({ field, before, after }) => (
          <span className="change" key={field}>{label(field)}: {before ?? "none"} → {after ?? "none"}</span>
        ))}
      </span>
      <span className="row"><When at={each.at} />
        {undo && <button className="button quiet" onClick={undo}>Undo</button>}
      </span>
    </li>
  )
}
