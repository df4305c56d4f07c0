"use client"
// One conversation with a mentor: what was asked and answered, what was proposed, and the next question.
import { type FormEvent, type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react"
import { Archiving } from "@/components/archiving"
import { Bar } from "@/components/bar"
import { Conflict } from "@/components/conflict"
import { StateIcon } from "@/components/conversation-rows"
import { ConversationTurn } from "@/components/conversation-turn"
import { EditableTitle } from "@/components/editable"
import { useNotices } from "@/components/notices"
import { Waiting } from "@/components/parts"
import { useShell } from "@/components/shell-context"
import { useVersioned } from "@/components/versioned"
import { type Conversation as Whole, dollars, useConversation, usePost } from "@/lib/mentors"
import { Link } from "@/lib/route"
import { label, whole } from "@/lib/words"

const SHOWN = 20
const MOST = 100
const NEAR = 160 // of the end, in pixels: whoever is there reads on as the words come

export default function Conversation({ itemKey }: { itemKey: string }) {
  const [limit, setLimit] = useState(SHOWN)
  const found = useConversation(itemKey, limit)
  const scroll = useRef<HTMLDivElement>(null)
  useFollowing(scroll, found.data)
  return (
    <>
      <Bar title={found.data ? `${found.data.key} ${found.data.title}` : itemKey} />
      <div className="scroll" ref={scroll}>
        <Waiting query={found} />
        {found.data && <Shown conversation={found.data} more={limit < MOST ? () => setLimit(Math.min(MOST, limit + 40)) : undefined} />}
      </div>
    </>
  )
}

/** Begins at the latest question, and stays at the end while words come. */
function useFollowing(scroll: React.RefObject<HTMLDivElement | null>, conversation: Whole | undefined) {
  const latest = conversation?.turns.at(-1)
  const isAtEnd = useRef(true)
  useEffect(() => {
    const box = scroll.current
    const note = () => void (isAtEnd.current = !!box && box.scrollHeight - box.scrollTop - box.clientHeight < NEAR)
    box?.addEventListener("scroll", note, { passive: true })
    return () => box?.removeEventListener("scroll", note)
  }, [scroll])
  useEffect(() => {
    if (latest && latest.turn > 1) scroll.current?.querySelector(`[data-turn="${latest.turn}"]`)?.scrollIntoView({ block: "start" })
  }, [scroll, latest?.turn])
  useLayoutEffect(() => {
    const box = scroll.current
    if (box && latest?.state === "working" && isAtEnd.current) box.scrollTop = box.scrollHeight
  }, [scroll, latest?.state, latest?.so_far])
}

function Shown({ conversation, more }: { conversation: Whole; more: (() => void) | undefined }) {
  const { me } = useShell()
  const rename = usePost("/v1/conversations/rename")
  const { conflict, save } = useVersioned(conversation.key, conversation.version, ({ title }, version) => rename.mutateAsync({ key: conversation.key, title: String(title), ...(version ? { version } : {}) }))
  const field = useRef<HTMLTextAreaElement>(null)
  const canWrite = me.key.scope !== "read" && !conversation.archived_at
  function askAgain(question: string) {
    if (!field.current) return
    field.current.value = question
    field.current.focus()
  }
  return (
    <div className="item conversation text-first">
      <article>
        <EditableTitle title={conversation.title} save={canWrite ? (title) => save({ title }) : undefined} />
        {conversation.earlier > 0 && more && <p className="more"><button className="button" onClick={more}>Show earlier questions</button></p>}
        <ol className="turns">
          {conversation.turns.map((turn) => <ConversationTurn key={turn.turn} conversation={conversation} turn={turn} canWrite={canWrite} askAgain={askAgain} />)}
        </ol>
        {canWrite && <FollowUp conversation={conversation} field={field} />}
        {conversation.archived_at && <p className="soft small">It is put away, and nothing more can be asked in it.</p>}
      </article>
      <About conversation={conversation} canWrite={me.key.scope !== "read"} />
      {conflict && <Conflict conflict={conflict} />}
    </div>
  )
}

function FollowUp({ conversation: { key, mentor }, field }: { conversation: Whole; field: React.RefObject<HTMLTextAreaElement | null> }) {
  const ask = usePost("/v1/questions")
  const { fail } = useNotices()
  async function send(event?: FormEvent) {
    event?.preventDefault()
    const box = field.current
    const question = box?.value.trim()
    if (!box || !question || ask.isPending) return box?.focus()
    try {
      await ask.mutateAsync({ conversation: key, question, brief_only: false })
      box.value = ""
    } catch (error) {
      fail(error)
    }
  }
  function press(event: KeyboardEvent) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) (event.preventDefault(), void send())
  }
  return (
    <form className="write" onSubmit={send} onKeyDown={press}>
      <textarea ref={field} className="area" aria-label="Follow-up question" placeholder={`Ask ${mentor} on`} />
      <div className="row">
        <span className="faint tiny grow hint"><kbd>Ctrl</kbd> <kbd>Enter</kbd></span>
        <button className="button primary" disabled={ask.isPending}>Ask</button>
      </div>
    </form>
  )
}

function About({ conversation, canWrite }: { conversation: Whole; canWrite: boolean }) {
  const { about } = conversation
  return (
    <aside aria-label="About this conversation">
      <div className="property"><span>State</span><span className="value"><StateIcon state={conversation.status} /> {label(conversation.status)}</span></div>
      <div className="property"><span>Mentor</span><Link className="value" href={`/${conversation.mentor}`} title={conversation.role}>{conversation.mentor}</Link></div>
      {about && <div className="property"><span>About</span><Link className="value" href={`/${about.key}`} title={about.title}><span className="faint">{about.key}</span> <span className="ellipsis">{about.title}</span></Link></div>}
      <div className="property"><span>Cost</span><span className="value numbers">{dollars(conversation.usd)}</span></div>
      <div className="property"><span>Asked</span><span className="value">{conversation.created_by}, {whole(conversation.created_at)}</span></div>
      {canWrite && <div className="acts"><Archiving itemKey={conversation.key} isArchived={!!conversation.archived_at} /></div>}
    </aside>
  )
}
