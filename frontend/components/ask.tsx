"use client"
// A question to a mentor, from anywhere: whom, about what, and Ctrl Enter. The answer comes on the conversation's page.
import { X } from "lucide-react"
import { type FormEvent, type KeyboardEvent, useRef, useState } from "react"
import { useTool } from "@/lib/data"
import { useMentors, usePost } from "@/lib/mentors"
import { Link, navigate } from "@/lib/route"
import { Choose } from "./choose"
import { Dialog } from "./dialog"
import { useNotices } from "./notices"
import { Waiting } from "./parts"
import type { Question } from "./shell-context"

export default function Ask({ question, close }: { question: Question; close: () => void }) {
  const mentors = useMentors()
  const [chosen, setChosen] = useState(question.mentor)
  const [about, setAbout] = useState(question.about)
  const text = useRef<HTMLTextAreaElement>(null)
  const ask = usePost("/v1/questions")
  const { fail } = useNotices()
  const all = mentors.data?.items ?? []
  const mentor = all.find(({ name }) => name === chosen) ?? all[0]

  async function send(event?: FormEvent) {
    event?.preventDefault()
    const words = text.current?.value.trim()
    if (!words || !mentor || ask.isPending) return text.current?.focus()
    try {
      const { key } = await ask.mutateAsync({ question: words, mentor: mentor.name, brief_only: false, ...(about ? { about } : {}) })
      close()
      navigate(`/${key}`)
    } catch (error) {
      fail(error)
    }
  }
  function press(event: KeyboardEvent) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) (event.preventDefault(), void send())
  }
  return (
    <Dialog title="Ask a mentor" close={close}>
      <Waiting query={mentors} />
      {mentor && (
        <form className="ask" onSubmit={send} onKeyDown={press}>
          <div className="choices">
            <Choose label="Mentor" className="chip on" choices={all.map(({ key, name, role }) => ({ value: name, text: `${key} ${role}` }))} chosen={[mentor.name]} choose={setChosen}>
              {mentor.key}
            </Choose>
            {about && <About itemKey={about} remove={() => setAbout(undefined)} />}
          </div>
          <p className="soft small clamped">{mentor.watches || mentor.role}</p>
          <textarea ref={text} className="area" aria-label="Question" placeholder={about ? `What do you want to know about ${about}?` : "What do you want to know?"} defaultValue={question.text} autoFocus />
          {mentors.data && !mentors.data.answers_itself && (
            <p className="soft small">This server has no key of its own: your Claude Code gives the answer, from a brief that the server makes.</p>
          )}
          <footer>
            <span className="faint tiny grow hint"><kbd>Ctrl</kbd> <kbd>Enter</kbd></span>
            <button type="button" className="button quiet" onClick={close}>Cancel</button>
            <button className="button primary" disabled={ask.isPending}>Ask {mentor.key}</button>
          </footer>
        </form>
      )}
      {mentors.data && !mentor && <p>There is no mentor at work. <Link className="tone-accent" href="/mentors" onClick={close}>Mentors</Link> makes one.</p>}
    </Dialog>
  )
}

function About({ itemKey, remove }: { itemKey: string; remove: () => void }) {
  const item = useTool("get_item", { key: itemKey })
  return (
    <span className="chip">
      about {itemKey} <span className="faint ellipsis">{item.data?.title}</span>
      <button type="button" aria-label={`Not about ${itemKey}`} onClick={remove}><X size={12} aria-hidden /></button>
    </span>
  )
}
