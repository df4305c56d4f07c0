"use client"
// A decision: what asked for it, the options side by side, what was chosen and why, and whose place it took.
import { useQuery } from "@tanstack/react-query"
import { Check } from "lucide-react"
import { useState } from "react"
import { api, taken } from "@/lib/api"
import type { paths } from "@/lib/api-types"
import { useKeys } from "@/lib/keys"
import { part } from "@/lib/part"
import { Link, navigate } from "@/lib/route"
import { day, label } from "@/lib/words"
import type { ItemEdit, Whole } from "./item-edit"
import { Problem } from "./parts"
import { Text } from "./text"

const Forms = part(() => import("./decision-forms"))
type Line = paths["/v1/decisions/line"]["get"]["responses"][200]["content"]["application/json"]
export type Asked = "decide" | "supersede" | "edit" | "reopen"

export function Decision({ item, edit }: { item: Whole; edit: ItemEdit }) {
  const [asked, setAsked] = useState<Asked>()
  const chosen = chosenOf(item)
  const parts = [["What was decided", chosen === item.outcome ? undefined : item.outcome], ["Why", item.reason], ["Impact", item.impact]] as const
  useKeys(edit.canEdit ? [{ keys: "d", does: "Decide", run: () => setAsked(isOpen(item) ? "decide" : "edit") }] : [], "On this page")
  return (
    <>
      <Succession itemKey={item.key} />
      {edit.canEdit && <Actions item={item} ask={setAsked} />}
      {item.description ? <section><h2>What asks for it</h2><Text text={item.description} /></section> : null}
      {item.options?.length ? <Options options={item.options} chosen={chosen} /> : null}
      {parts.map(([title, text]) => text && <section key={title}><h2>{title}</h2><Text text={text} /></section>)}
      {!item.description && !item.options?.length && !item.outcome && <p className="faint">Nothing is written down yet.</p>}
      {asked && <Forms item={item} edit={edit} asked={asked} close={() => setAsked(undefined)} />}
    </>
  )
}

export function isOpen(item: Whole): boolean {
  return item.status === "proposed"
}

/** The title of the option that the outcome names. An outcome is free text: one that names two, or none, chose none of them. */
export function chosenOf({ options = [], outcome }: Pick<Whole, "options" | "outcome">): string | undefined {
  if (!outcome) return undefined
  const said = outcome.trim().toLowerCase()
  const exact = options.find(({ title }) => title.trim().toLowerCase() === said)
  const named = options.filter(({ title }) => said.includes(title.trim().toLowerCase()))
  return exact?.title ?? (named.length === 1 ? named[0]?.title : undefined)
}

function Actions({ item, ask }: { item: Whole; ask: (what: Asked) => void }) {
  const isHeld = item.status === "accepted"
  return (
    <div className="row decision-actions">
      {isOpen(item) && <button className="button primary" title="d" onClick={() => ask("decide")}>Decide</button>}
      {(isOpen(item) || isHeld) && <button className="button" onClick={() => ask("supersede")}>Supersede</button>}
      {!isOpen(item) && <button className="button" onClick={() => ask("reopen")}>Reopen</button>}
      <button className="button" onClick={() => ask("edit")}>Edit</button>
    </div>
  )
}

function Options({ options, chosen }: { options: NonNullable<Whole["options"]>; chosen: string | undefined }) {
  return (
    <section>
      <h2>Options <span className="faint">{options.length}</span></h2>
      <ul className="options">
        {options.map(({ title, pros, cons }) => (
          <li className="box option" key={title} data-chosen={title === chosen}>
            <h3>{title}{title === chosen && <span className="tag tone-green"><Check size={12} aria-hidden /> Chosen</span>}</h3>
            {pros && <div className="for"><h4>For</h4><Text text={pros} /></div>}
            {cons && <div className="against"><h4>Against</h4><Text text={cons} /></div>}
            {!pros && !cons && <p className="faint">Nothing is said for or against it.</p>}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The line of decisions that took each other's place; [ and ] walk along it. */
function Succession({ itemKey }: { itemKey: string }) {
  const line = useQuery({
    queryKey: ["tool", "decisions/line", itemKey],
    queryFn: () => taken(api.GET("/v1/decisions/line", { params: { query: { key: itemKey } } })),
  })
  const items = line.data?.items ?? []
  const at = items.findIndex(({ key }) => key === itemKey)
  const [before, after] = [items.findLast(({ superseded_by }) => superseded_by === itemKey), items.find(({ key }) => key === items[at]?.superseded_by)]
  useKeys([
    ...(before ? [{ keys: "[", does: "The decision before", run: () => navigate(`/${before.key}`) }] : []),
    ...(after ? [{ keys: "]", does: "The decision after", run: () => navigate(`/${after.key}`) }] : []),
  ], "On this page")
  if (line.error) return <Problem error={line.error} />
  if (items.length < 2) return null
  return (
    <nav className="succession" aria-label="Decisions that took each other's place">
      <ol ref={showHere}>{items.map((each) => <Step key={each.key} step={each} isHere={each.key === itemKey} />)}</ol>
      {line.data?.left_out && <p className="faint tiny">{line.data.left_out}</p>}
      <p className="faint tiny walk"><kbd>[</kbd> <kbd>]</kbd> walk along the line</p>
    </nav>
  )
}

/** A long line begins at the decision that is shown. */
function showHere(line: HTMLElement | null): void {
  const here = line?.querySelector<HTMLElement>("[aria-current]")
  if (line && here) line.scrollLeft = here.offsetLeft - line.offsetLeft - (line.clientWidth - here.clientWidth) / 2
}

function Step({ step, isHere }: { step: Line["items"][number]; isHere: boolean }) {
  const when = step.decided_at ? `, ${day(step.decided_at)}` : ""
  return (
    <li data-status={step.status}>
      <Link href={`/${step.key}`} aria-current={isHere ? "page" : undefined} title={step.title}>
        <span className="faint tiny">{step.key} · {label(step.status)}{when}{step.archived ? ", archived" : ""}</span>
        <span className="name">{step.title}</span>
      </Link>
    </li>
  )
}
