"use client"
// Deciding, superseding, reopening and rewording a decision.
import { Plus, X } from "lucide-react"
import { type FormEvent, type ReactNode, useState } from "react"
import { usePages } from "@/lib/data"
import { Choose } from "./choose"
import { type Asked, chosenOf } from "./decision"
import { Dialog } from "./dialog"
import type { Fields, ItemEdit, Whole } from "./item-edit"

const A_DECISION = /^DEC-\d+$/i
type Given = { item: Whole; edit: ItemEdit; close: () => void }

export default function Forms({ asked, ...given }: Given & { asked: Asked }) {
  const Shown = { decide: Decide, supersede: Supersede, edit: Reword, reopen: Reopen }[asked]
  return <Shown {...given} />
}

function Form({ title, button, fields, children, item, edit, close, isReady = true }: Given & {
  title: string; button: string; fields: () => Fields; children: ReactNode; isReady?: boolean
}) {
  const [isSaving, setSaving] = useState(false)
  async function save(event: FormEvent) {
    event.preventDefault()
    setSaving(true)
    if (await edit.save(fields())) close()
    setSaving(false)
  }
  return (
    <Dialog title={`${title} ${item.key}`} close={close} className="padded roomy">
      <form className="form" onSubmit={(event) => void save(event)}>
        {children}
        <footer>
          <button type="button" className="button quiet" onClick={close}>Cancel</button>
          <button className="button primary" disabled={!isReady || isSaving}>{button}</button>
        </footer>
      </form>
    </Dialog>
  )
}

function Area({ name, value, set, rows = 3 }: { name: string; value: string; set: (value: string) => void; rows?: number }) {
  return <label className="named">{name}<textarea className="area" rows={rows} value={value} onChange={(event) => set(event.target.value)} /></label>
}

function Decide(given: Given) {
  const { item } = given
  const [outcome, setOutcome] = useState(item.outcome ?? "")
  const [reason, setReason] = useState(item.reason ?? "")
  const [isAccepted, setAccepted] = useState(true)
  const options = item.options ?? []
  return (
    <Form {...given} title="Decide" button={isAccepted ? "Accept" : "Reject"} isReady={!isAccepted || !!outcome.trim()}
      fields={() => ({ status: isAccepted ? "accepted" : "rejected", reason, ...(outcome.trim() ? { outcome } : {}) })}>
      <div className="switch" role="group" aria-label="Verdict">
        <button type="button" aria-pressed={isAccepted} onClick={() => setAccepted(true)}>Accept</button>
        <button type="button" aria-pressed={!isAccepted} onClick={() => setAccepted(false)}>Reject</button>
      </div>
      {isAccepted && options.length > 0 && (
        <fieldset className="picks">
          <legend>Which option</legend>
          {options.map(({ title }) => (
            <label key={title}><input type="radio" name="option" checked={chosenOf({ options, outcome }) === title} onChange={() => setOutcome(title)} /> {title}</label>
          ))}
        </fieldset>
      )}
      {isAccepted && <Area name="What was decided" value={outcome} set={setOutcome} rows={2} />}
      <Area name="Why" value={reason} set={setReason} />
    </Form>
  )
}

function Supersede(given: Given) {
  const [newer, setNewer] = useState<string>()
  const decisions = usePages("list_items", { kind: "decision", limit: 100 })
  const choices = (decisions.data?.pages ?? []).flatMap(({ items }) => items)
    .filter(({ key, status }) => key !== given.item.key && status !== "rejected")
    .map(({ key, title }) => ({ value: String(key), text: `${key} ${title}` }))
  return (
    <Form {...given} title="Supersede" button="Supersede" isReady={newer !== undefined} fields={() => ({ superseded_by: newer })}>
      <p className="soft small">The decision that takes its place. It is kept, and both say so.</p>
      <div className="choices">
        <Choose label="Superseded by" className="chip" choices={choices} chosen={newer ? [newer] : []} choose={(value) => setNewer(A_DECISION.test(value) ? value.toUpperCase() : undefined)} free="DEC-4">
          {choices.find(({ value }) => value === newer)?.text ?? newer ?? "Choose the decision that holds instead"}
        </Choose>
      </div>
    </Form>
  )
}

function Reopen(given: Given) {
  const [note, setNote] = useState("")
  return (
    <Form {...given} title="Reopen" button="Reopen" isReady={!!note.trim()} fields={() => ({ status: "proposed", note })}>
      <p className="soft small">It is proposed again. The note is kept as a comment.</p>
      <Area name="Why it is open again" value={note} set={setNote} />
    </Form>
  )
}

type Option = { title: string; pros: string; cons: string }

function Reword(given: Given) {
  const { item } = given
  const [texts, setTexts] = useState({ context: item.description ?? "", outcome: item.outcome ?? "", reason: item.reason ?? "", impact: item.impact ?? "" })
  const [options, setOptions] = useState<Option[]>((item.options ?? []).map(({ title, pros = "", cons = "" }) => ({ title, pros, cons })))
  const set = (name: keyof typeof texts) => (value: string) => setTexts({ ...texts, [name]: value })
  const change = (at: number, field: keyof Option, value: string) => setOptions(options.map((each, index) => (index === at ? { ...each, [field]: value } : each)))
  if (item.left_out || item.description_cut) {
    return <Dialog title={`Edit ${item.key}`} close={given.close}><p className="soft">It is too long to be shown here as a whole, and is not edited here, so that none of it is lost.</p><code>turbo-client call update_decision key={item.key} ...</code></Dialog>
  }
  return (
    <Form {...given} title="Edit" button="Save" isReady={options.every(({ title }) => title.trim())} fields={() => ({ ...texts, options })}>
      <Area name="What asks for it" value={texts.context} set={set("context")} rows={4} />
      {options.map((each, at) => (
        <fieldset className="option-fields" key={at}>
          <legend>Option {at + 1}</legend>
          <div className="row">
            <input className="field" aria-label={`Option ${at + 1}`} placeholder="Option" value={each.title} maxLength={300} onChange={(event) => change(at, "title", event.target.value)} />
            <button type="button" className="icon-button" aria-label={`Remove option ${at + 1}`} onClick={() => setOptions(options.filter((_, index) => index !== at))}><X size={14} aria-hidden /></button>
          </div>
          <div className="sides">
            <Area name="For" value={each.pros} set={(value) => change(at, "pros", value)} />
            <Area name="Against" value={each.cons} set={(value) => change(at, "cons", value)} />
          </div>
        </fieldset>
      ))}
      <div><button type="button" className="button quiet" onClick={() => setOptions([...options, { title: "", pros: "", cons: "" }])}><Plus size={14} aria-hidden /> Add an option</button></div>
      <Area name="What was decided" value={texts.outcome} set={set("outcome")} rows={2} />
      <Area name="Why" value={texts.reason} set={set("reason")} />
      <Area name="Impact" value={texts.impact} set={set("impact")} />
    </Form>
  )
}
