"use client"
// The map of claims: which person, machine and session holds which issue, since when and until when.
import { useState } from "react"
import type { Arguments } from "@/lib/api"
import { choices } from "@/lib/choices"
import { useCall } from "@/lib/data"
import { type Claim, useClaims } from "@/lib/queue"
import { Link } from "@/lib/route"
import { clock, label, whole } from "@/lib/words"
import { Dialog } from "./dialog"
import { useNotices } from "./notices"
import { Empty, Person, StatusIcon, Waiting, When } from "./parts"
import { useShell } from "./shell-context"

export function Claims({ project }: { project: string | undefined }) {
  const claims = useClaims(project)
  const [releasing, setReleasing] = useState<Claim>()
  const items = claims.data?.items ?? []
  return (
    <section className="section claims" aria-label="At work">
      <h2>At work <span className="count">{claims.data && items.length}{claims.data?.more ? "+" : ""}</span></h2>
      <Waiting query={claims} />
      {holders(items).map((held) => <Holder key={`${held[0].by} ${held[0].machine} ${held[0].session}`} held={held} release={setReleasing} />)}
      {claims.data && !items.length && (
        <Empty title="No session holds an issue" command="turbo-client call next_issue claim=true">An agent that takes an issue up holds it for itself; who, where and until when stands here.</Empty>
      )}
      {releasing && <Release claim={releasing} close={() => setReleasing(undefined)} />}
    </section>
  )
}

type Held = [Claim, ...Claim[]]

function holders(claims: readonly Claim[]): Held[] {
  const all = new Map<string, Held>()
  for (const claim of claims) {
    const holder = JSON.stringify([claim.by, claim.machine, claim.session])
    const held = all.get(holder)
    if (held) held.push(claim)
    else all.set(holder, [claim])
  }
  return [...all.values()]
}

function Holder({ held, release }: { held: Held; release: (claim: Claim) => void }) {
  const { me } = useShell()
  const [{ by, machine, session }] = held
  const activity = new URLSearchParams(Object.entries({ person: by, machine, session }).flatMap(([name, value]) => (value ? [[name, value]] : [])))
  return (
    <div className="holder">
      <Link className="who" href={`/activity?${activity}`} title="What was done there">
        <Person name={by} /> <strong>{by}</strong>
        {machine && <span className="faint tiny ellipsis">on {machine}</span>}
        {session && <span className="faint tiny ellipsis mono" title={session}>{session.slice(0, 8)}</span>}
      </Link>
      <ul>
        {held.map((claim) => (
          <li key={claim.key}>
            <Link className="held" href={`/${claim.key}`}>
              <StatusIcon value={claim.status} /> <span className="faint tiny">{claim.key}</span> <span className="ellipsis">{claim.title}</span>
            </Link>
            <span className="faint tiny since" title={`Since ${whole(claim.since)}, until ${whole(claim.until)}`}>claimed <When at={claim.since} />, until {clock(claim.until)}</span>
            {claim.mine && me.key.scope !== "read" && <button className="button quiet" aria-label={`Release ${claim.key}`} onClick={() => release(claim)}>Release</button>}
          </li>
        ))}
      </ul>
    </div>
  )
}

type Outcome = Arguments<"release_issue">["outcome"]
const MEANS: Record<Outcome, string> = {
  done: "It is done. What was done goes to the work log.",
  handed_back: "It goes back into the queue as ready, and nobody's. The reason becomes a comment.",
  needs_human: "It waits until a person has answered the question.",
}

function Release({ claim, close }: { claim: Claim; close: () => void }) {
  const [outcome, setOutcome] = useState<Outcome>("handed_back")
  const [text, setText] = useState("")
  const release = useCall("release_issue")
  const { say, fail } = useNotices()
  async function done() {
    try {
      await release.mutateAsync({ key: claim.key, outcome, ...(text.trim() ? { text: text.trim() } : {}) })
      say({ text: `${claim.key} is released: ${label(outcome).toLowerCase()}` })
      close()
    } catch (error) {
      fail(error)
    }
  }
  return (
    <Dialog title={`Release ${claim.key}`} close={close}>
      <p className="soft small">{claim.session ? "The session that holds it is not told before its next call." : claim.title}</p>
      <fieldset className="radios">
        <legend className="hidden-text">Outcome</legend>
        {choices.release_issue.outcome.map((each) => (
          <label key={each}>
            <input type="radio" name="outcome" checked={each === outcome} onChange={() => setOutcome(each)} />
            <span><strong>{label(each)}</strong><span className="soft small">{MEANS[each]}</span></span>
          </label>
        ))}
      </fieldset>
      <textarea className="area" aria-label="Text" placeholder={outcome === "needs_human" ? "The question" : outcome === "done" ? "What was done" : "The reason"} value={text} onChange={(event) => setText(event.target.value)} />
      <footer>
        <button className="button quiet" onClick={close}>Cancel</button>
        <button className="button primary" disabled={release.isPending || (outcome !== "done" && !text.trim())} onClick={() => void done()}>Release</button>
      </footer>
    </Dialog>
  )
}
