"use client"
// What a mentor proposes to do: the action in whole, why, how risky the server holds it to be, and what became of it.
import { Check, X } from "lucide-react"
import { useState } from "react"
import { isRecord } from "@/lib/api"
import { type Proposal, usePost } from "@/lib/mentors"
import { Link } from "@/lib/route"
import { label, whole } from "@/lib/words"
import { Dialog } from "./dialog"
import { useNotices } from "./notices"
import { Text } from "./text"

const RISKS: Record<string, string> = { low: "green", medium: "orange", high: "red" }
const STATES: Record<string, string> = { accepted: "green", rejected: "grey", expired: "grey" }
const LONG = 90

export function ProposalCard({ proposal, itemKey, canWrite }: { proposal: Proposal; itemKey: string; canWrite: boolean }) {
  const decide = usePost("/v1/proposals")
  const { say, fail } = useNotices()
  const [isAsking, setAsking] = useState(false)
  const { number, tool, risk, state, reason } = proposal

  async function settle(what: "accept" | "reject") {
    setAsking(false)
    try {
      const { proposals } = await decide.mutateAsync({ conversation: itemKey, accept: [], reject: [], [what]: [number] })
      const key = keyOf(proposals[0]?.done)
      say({ text: what === "reject" ? `Proposal ${number} is declined` : <>Done{key ? <>: <Link href={`/${key}`}>{key}</Link></> : ""}</> })
    } catch (error) {
      fail(error)
    }
  }
  return (
    <section className="proposal" aria-label={`Proposal ${number}`} data-state={state}>
      <header>
        <strong>{label(tool)}</strong>
        <span className={`tag tone-${RISKS[risk] ?? "grey"}`}>{label(risk)} risk</span>
        <span className="grow" />
        <span className="faint tiny">Proposal {number}</span>
      </header>
      <Arguments given={proposal.arguments} />
      <div className="why"><span className="faint tiny">Why</span><Text text={reason} /></div>
      {state === "proposed" ? (
        canWrite ? (
          <footer>
            <button className="button primary" disabled={decide.isPending} onClick={() => (risk === "high" ? setAsking(true) : void settle("accept"))}><Check size={14} aria-hidden /> Accept</button>
            <button className="button" disabled={decide.isPending} onClick={() => void settle("reject")}><X size={14} aria-hidden /> Decline</button>
            <span className="faint tiny">Done as you, once</span>
          </footer>
        ) : <p className="faint small">It waits for somebody who may write.</p>
      ) : <Outcome proposal={proposal} />}
      {isAsking && (
        <Dialog title={`${label(tool)}?`} close={() => setAsking(false)}>
          <p>The server holds this for high risk: it settles or ends something.</p>
          <Arguments given={proposal.arguments} />
          <footer>
            <button className="button quiet" onClick={() => setAsking(false)}>Cancel</button>
            <button className="button danger" onClick={() => void settle("accept")}>Do it</button>
          </footer>
        </Dialog>
      )}
    </section>
  )
}

function Arguments({ given }: { given: Record<string, unknown> }) {
  return (
    <dl className="arguments">
      {Object.entries(given).map(([name, value]) => {
        const text = shown(value)
        return (
          <div key={name} className={text.length > LONG || text.includes("\n") ? "long" : undefined}>
            <dt>{label(name)}</dt>
            <dd>{/^[A-Z][A-Z0-9]{1,9}-[IMD]?\d+$/.test(text) ? <Link className="tone-accent" href={`/${text}`}>{text}</Link> : text}</dd>
          </div>
        )
      })}
    </dl>
  )
}

function Outcome({ proposal: { state, decided_by, decided_at, done } }: { proposal: Proposal }) {
  const key = keyOf(done)
  return (
    <p className="outcome small">
      <span className={`tag tone-${STATES[state] ?? "grey"}`}>{state === "rejected" ? "Declined" : label(state)}</span>{" "}
      {decided_by && <span className="soft">by {decided_by}{decided_at ? `, ${whole(decided_at)}` : ""}</span>}
      {state === "expired" && <span className="soft">Nobody decided on it in time. Ask again if you still want it.</span>}
      {key && <> · <Link className="tone-accent" href={`/${key}`}>{key}</Link></>}
    </p>
  )
}

function keyOf(done: Record<string, unknown> | undefined): string | undefined {
  return typeof done?.key === "string" ? done.key : undefined
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(shown).join(", ")
  return isRecord(value) ? JSON.stringify(value, null, 1) : String(value)
}
