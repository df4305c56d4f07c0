"use client"
// A new mentor: who it is, what it looks after, how it answers.
import { type FormEvent, type ReactNode, useState } from "react"
import { type Mentor, usePost } from "@/lib/mentors"
import { navigate } from "@/lib/route"
import { Dialog } from "./dialog"
import { useNotices } from "./notices"

export function NewMentor({ known, close }: { known: readonly Mentor[]; close: () => void }) {
  const save = usePost("/v1/mentors")
  const { fail } = useNotices()
  const [taken, setTaken] = useState<string>()

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const given = Object.fromEntries([...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value).trim()]))
    const name = (given.name ?? "").replace(/^@/, "").toLowerCase()
    if (known.some((each) => each.name === name)) return setTaken(name)
    const { role = "", watches = "", instructions = "", model = "", budget = "" } = given
    try {
      const made = await save.mutateAsync({
        name, role, watches, instructions, may_propose: "proposes" in given,
        ...(model ? { model } : {}), ...(budget ? { daily_budget: Number(budget) } : {}),
      })
      close()
      navigate(`/${made.key}`)
    } catch (error) {
      fail(error)
    }
  }
  return (
    <Dialog title="New mentor" close={close}>
      <form className="form" onSubmit={submit}>
        <Labelled text="Name" hint="By which it is asked and mentioned: @security">
          <input className="field" name="name" required minLength={2} maxLength={32} pattern="@?[A-Za-z][A-Za-z0-9\-]{1,30}" title="Letters, digits and hyphens, a letter first" autoFocus autoComplete="off" aria-invalid={!!taken} onChange={() => setTaken(undefined)} />
        </Labelled>
        {taken && <p role="alert" className="small tone-red">There is @{taken} already.</p>}
        <Labelled text="Role" hint="Who it is, in a line"><input className="field" name="role" required maxLength={300} autoComplete="off" /></Labelled>
        <Labelled text="Watches" hint="What it looks after"><input className="field" name="watches" maxLength={1000} autoComplete="off" /></Labelled>
        <Labelled text="Instructions" hint="How it judges and answers: write them as you would brief a new senior colleague">
          <textarea className="area" name="instructions" required maxLength={4000} />
        </Labelled>
        <div className="sides">
          <Labelled text="Model" hint="Empty: the server's own"><input className="field" name="model" maxLength={100} autoComplete="off" /></Labelled>
          <Labelled text="Dollars a day" hint="Empty: only the server's limits"><input className="field" name="budget" type="number" min="0" max="10000" step="0.01" /></Labelled>
        </div>
        <label className="check"><input type="checkbox" name="proposes" /> May propose changes, for you to accept</label>
        <footer>
          <button type="button" className="button quiet" onClick={close}>Cancel</button>
          <button className="button primary" disabled={save.isPending}>Make it</button>
        </footer>
      </form>
    </Dialog>
  )
}

function Labelled({ text, hint, children }: { text: string; hint: string; children: ReactNode }) {
  return (
    <label>
      <span>{text} <span className="faint tiny">{hint}</span></span>
      {children}
    </label>
  )
}
