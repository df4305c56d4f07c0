"use client"
// One item by its key: what it says, what surrounds it, what happened to it.
import { AskAbout } from "@/components/ask-about"
import { Bar } from "@/components/bar"
import { Conflict } from "@/components/conflict"
import { Decision } from "@/components/decision"
import { Document } from "@/components/document"
import { Goal } from "@/components/goal"
import { type ItemEdit, useItemEdit, type Whole } from "@/components/item-edit"
import { History, Talk, Work } from "@/components/item-parts"
import { Properties } from "@/components/properties"
import { EditableText, EditableTitle } from "@/components/editable"
import { Waiting } from "@/components/parts"
import { Relations } from "@/components/relations"
import { itemQuery } from "@/lib/data"
import { label } from "@/lib/words"
import { useQuery } from "@tanstack/react-query"
import { Tabs } from "radix-ui"
import { useDeferredValue } from "react"

export default function Item({ itemKey }: { itemKey: string }) {
  const item = useQuery(itemQuery(itemKey))
  return (
    <>
      <Bar title={item.data ? `${item.data.key} ${item.data.title}` : itemKey}>{item.data && <AskAbout itemKey={itemKey} />}</Bar>
      <div className="scroll">
        <Waiting query={item} />
        {item.data && <Shown item={item.data} />}
      </div>
    </>
  )
}

function Shown({ item }: { item: Whole }) {
  const edit = useItemEdit(item)
  const isWhole = useDeferredValue(true, false) // what it says is drawn first
  return (
    <div className="item" data-kind={item.kind}>
      <header><EditableTitle title={item.title} save={edit.canEdit ? (title) => edit.save({ title }) : undefined} /></header>
      <Properties item={item} edit={edit} />
      <article aria-busy={!isWhole}>
        <div className="body"><Body item={item} edit={edit} /></div>
        {(item.progress || item.members) && <Goal item={item} />}
        {item.criteria?.length ? <Criteria criteria={item.criteria} save={(criteria) => edit.save({ criteria })} canEdit={edit.canEdit} /> : null}
        {item.handoff && <Handoff handoff={item.handoff} />}
        {isWhole && <Around item={item} canWrite={edit.canWrite} />}
      </article>
      {edit.conflict && <Conflict conflict={edit.conflict} />}
    </div>
  )
}

/** What stands around it: what it hangs together with, what was said, done and changed. */
function Around({ item, canWrite }: { item: Whole; canWrite: boolean }) {
  const isIssue = item.kind === "issue"
  return (
    <>
      <Relations item={item} />
      <section>
        <Tabs.Root defaultValue={isIssue ? "comments" : "history"}>
          <Tabs.List className="tabs" aria-label="What happened">
            <Tabs.Trigger value="comments">Comments {item.comments ?? ""}</Tabs.Trigger>
            {isIssue && <Tabs.Trigger value="work">Work log {item.work_logs ?? ""}</Tabs.Trigger>}
            <Tabs.Trigger value="history">History</Tabs.Trigger>
          </Tabs.List>
          <Tabs.Content value="comments"><Talk item={item} canWrite={canWrite} /></Tabs.Content>
          <Tabs.Content value="work"><Work item={item} canWrite={canWrite} /></Tabs.Content>
          <Tabs.Content value="history"><History item={item} canWrite={canWrite} /></Tabs.Content>
        </Tabs.Root>
      </section>
    </>
  )
}

function Body({ item, edit }: { item: Whole; edit: ItemEdit }) {
  if (item.kind === "decision") return <Decision item={item} edit={edit} />
  if (item.kind === "document") return <Document item={item} edit={edit} />
  const save = edit.canEdit ? (description: string, version: number | undefined) => edit.save({ description }, version) : undefined
  return <EditableText name={item.key} version={item.version} text={item.description ?? item.text ?? ""} isCut={!!(item.description_cut ?? item.text_cut)} save={save} />
}

const MET = /^\[x\]\s*/i

function Criteria({ criteria, save, canEdit }: { criteria: string[]; save: (criteria: string[]) => Promise<unknown>; canEdit: boolean }) {
  const toggled = (at: number) => criteria.map((each, index) => (index !== at ? each : MET.test(each) ? each.replace(MET, "") : `[x] ${each}`))
  return (
    <section>
      <h2>Acceptance criteria</h2>
      <div className="criteria">
        {criteria.map((each, index) => (
          <label key={each}>
            <input type="checkbox" checked={MET.test(each)} disabled={!canEdit} onChange={() => void save(toggled(index))} />
            <span>{each.replace(MET, "").replace(/^\[ \]\s*/, "")}</span>
          </label>
        ))}
      </div>
    </section>
  )
}

function Handoff({ handoff }: { handoff: NonNullable<Whole["handoff"]> }) {
  return (
    <section>
      <h2>Handoff</h2>
      <dl className="box">
        {Object.entries(handoff).map(([name, text]) => (
          <div key={name}>
            <dt>{label(name)}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
