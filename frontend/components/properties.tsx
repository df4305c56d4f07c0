"use client"
// The fields of an item, beside its text.
import { type ReactNode, useState } from "react"
import { Link } from "@/lib/route"
import { choices } from "@/lib/choices"
import { useKeys } from "@/lib/keys"
import { label, whole } from "@/lib/words"
import { type Choice, Choose } from "./choose"
import { PRIORITIES, STATUSES, TYPES, useGoals, useLabels, usePeople } from "./issue-choices"
import type { ItemEdit, Whole } from "./item-edit"
import { Due, Person, PriorityIcon, StatusIcon } from "./parts"

type Given = { item: Whole; edit: ItemEdit }

const NO_DAY: Choice[] = [{ value: "none", text: "No day" }]
const DAY = "2026-12-31, friday, +3d"
const STATES: Record<string, readonly string[]> = {
  initiative: choices.update_initiative.status, milestone: choices.update_milestone.status, document: choices.update_document.status,
}

export function Properties({ item, edit }: Given) {
  return (
    <aside aria-label="Properties">
      {item.kind === "issue" ? <OfIssue item={item} edit={edit} /> : <OfOther item={item} edit={edit} />}
      {item.claimed && <Property name="Claimed"><span className="value tone-accent" title={`Until ${whole(item.claimed.until)}`}>{item.claimed.by}{item.claimed.machine ? ` on ${item.claimed.machine}` : ""}</span></Property>}
      {item.created_by && <Property name="Created"><span className="value">{item.created_by}{item.created_at ? `, ${whole(item.created_at)}` : ""}</span></Property>}
      {item.updated_at && <Property name="Changed"><span className="value">{whole(item.updated_at)}</span></Property>}
      {item.archived_at && <Property name="Archived"><span className="value">{whole(item.archived_at)}</span></Property>}
    </aside>
  )
}

function OfIssue({ item, edit }: Given) {
  const [open, setOpen] = useState<string>()
  const project = item.project ?? ""
  const people = usePeople()
  const labels = useLabels(project, open === "labels")
  const milestones = useGoals("milestone", project, open === "milestone")
  const initiatives = useGoals("initiative", project, open === "initiative")
  useKeys(edit.canEdit ? [["s", "status"], ["p", "priority"], ["a", "assignee"]].map(([keys = "", field = ""]) => ({ keys, does: `Set the ${field}`, run: () => setOpen(field) })) : [], "On this page")
  const one = (field: string, all: readonly Choice[], chosen: string | undefined, shown: ReactNode, free?: string) => (
    <Field key={field} name={field} edit={edit} choices={all} chosen={chosen ? [chosen] : []} free={free} isOpen={open === field} setOpen={(is) => setOpen(is ? field : undefined)}
      choose={(value) => void edit.save({ [field]: value })}>{shown ?? <span className="faint">None</span>}</Field>
  )
  const names = item.labels ?? []
  return (
    <>
      {one("status", STATUSES, item.status, <><StatusIcon value={item.status ?? ""} /> {label(item.status ?? "")}</>)}
      {one("priority", PRIORITIES, item.priority, <><PriorityIcon value={item.priority ?? "none"} /> {label(item.priority ?? "none")}</>)}
      {one("assignee", people, item.assignee, item.assignee && <><Person name={item.assignee} /> {item.assignee}</>)}
      {one("type", TYPES, item.type, label(item.type ?? ""))}
      {one("due", NO_DAY, item.due, item.due && <Due date={item.due} isOpen={!item.finished_at} />, DAY)}
      <Field name="labels" edit={edit} choices={labels} chosen={names} free="Label" isMultiple isOpen={open === "labels"} setOpen={(is) => setOpen(is ? "labels" : undefined)}
        choose={(value) => void edit.save({ labels: names.includes(value) ? names.filter((each) => each !== value) : [...names, value] })}>
        {names.length ? names.map((each) => <span className="tag filled" key={each}>{each}</span>) : <span className="faint">None</span>}
      </Field>
      {one("milestone", milestones, item.milestone?.key, item.milestone?.title)}
      {one("initiative", initiatives, item.initiative?.key, item.initiative?.title)}
      {one("parent", [{ value: "none", text: "None" }], item.parent?.key, item.parent && `${item.parent.key} ${item.parent.title}`, "TURBO-12")}
    </>
  )
}

function OfOther({ item, edit }: Given) {
  const states = STATES[item.kind]
  const people = usePeople()
  const isGoal = item.kind === "initiative" || item.kind === "milestone"
  return (
    <>
      {item.status && (states ? (
        <Field name="status" edit={edit} choices={states.map((value) => ({ value, text: label(value) }))} chosen={[item.status]} choose={(status) => void edit.save({ status })}>{label(item.status)}</Field>
      ) : <Property name="Status"><span className="value">{label(item.status)}</span></Property>)}
      {isGoal && <Field name="owner" edit={edit} choices={people} chosen={item.owner ? [item.owner] : []} choose={(owner) => void edit.save({ owner })}>{item.owner ? <><Person name={item.owner} /> {item.owner}</> : <span className="faint">None</span>}</Field>}
      {isGoal && <Field name="due" edit={edit} choices={NO_DAY} chosen={[]} free={DAY} choose={(due) => void edit.save({ due })}>{item.due ? <Due date={item.due} isOpen={item.status !== "closed" && item.status !== "completed"} /> : <span className="faint">None</span>}</Field>}
      {item.project && <Property name="Project"><Link className="value" href={`/issues?project=${item.project}`}>{item.project}</Link></Property>}
      {item.paths?.length ? <Property name="Governs"><span className="value mono tiny">{item.paths.join(" ")}</span></Property> : null}
    </>
  )
}

type FieldGiven = {
  name: string; edit: ItemEdit; choices: readonly Choice[]; chosen: readonly string[]; choose: (value: string) => void; children: ReactNode
  free?: string | undefined; isMultiple?: boolean; isOpen?: boolean; setOpen?: (open: boolean) => void
}

function Field({ name, edit, children, isOpen, free, ...rest }: FieldGiven) {
  return (
    <Property name={label(name)}>
      {edit.canEdit ? <Choose label={label(name)} {...rest} {...(free ? { free } : {})} {...(isOpen === undefined ? {} : { open: isOpen })}>{children}</Choose> : <span className="value">{children}</span>}
    </Property>
  )
}

function Property({ name, children }: { name: string; children: ReactNode }) {
  return <div className="property"><span>{name}</span>{children}</div>
}
