"use client"
// One question and what became of it: the answer, its words while they come, the brief, or what went wrong.
import { Bot } from "lucide-react"
import { memo } from "react"
import { type Conversation, dollars, type Turn } from "@/lib/mentors"
import { Link } from "@/lib/route"
import { Brief } from "./brief"
import { Person, When } from "./parts"
import { ProposalCard } from "./proposal"
import { Text } from "./text"

type Given = { conversation: Conversation; turn: Turn; canWrite: boolean; askAgain: (question: string) => void }

export function ConversationTurn({ conversation, turn, canWrite, askAgain }: Given) {
  const proposals = conversation.proposals.filter((each) => each.turn === turn.turn)
  return (
    <li className="turn" data-turn={turn.turn} data-state={turn.state}>
      <div className="question">
        <div className="by">
          <Person name={turn.by} /> <strong>{turn.by}</strong>
          {turn.machine && <span className="faint tiny">{turn.session ? "agent on " : "on "}{turn.machine}</span>}
          <span className="faint tiny"><When at={turn.at} /></span>
        </div>
        <div className="text"><Text text={turn.question} /></div>
      </div>
      <div className="answer">
        <Answer conversation={conversation} turn={turn} canWrite={canWrite} askAgain={askAgain} />
        {proposals.map((each) => <ProposalCard key={each.number} proposal={each} itemKey={conversation.key} canWrite={canWrite} />)}
      </div>
    </li>
  )
}

function Answer({ conversation, turn, canWrite, askAgain }: Given) {
  if (turn.state === "waiting") return <><By mentor={conversation.mentor} /><div className="text"><Brief conversation={conversation} turn={turn} /></div></>
  if (turn.state === "working") return <Coming mentor={conversation.mentor} turn={turn} />
  if (turn.state === "failed") {
    return (
      <>
        <By mentor={conversation.mentor} />
        <div className="text problem" role="alert" data-code={turn.code}>
          <p><strong>No answer.</strong> {turn.error}</p>
          <p className="row wrap">
            {canWrite && <button className="button" onClick={() => askAgain(turn.question)}>Ask again</button>}
            {turn.code === BUDGET && <Link className="tone-accent small" href="/mentors#cost">What was spent today</Link>}
            {turn.usd !== undefined && <span className="faint tiny">The attempt has cost {dollars(turn.usd)}.</span>}
          </p>
        </div>
      </>
    )
  }
  return (
    <>
      <By mentor={conversation.mentor}>
        {turn.model && <span className="faint tiny">{turn.model}</span>}
        {turn.recorded_by && <span className="faint tiny">recorded by {turn.recorded_by}</span>}
        {turn.answered_at && <span className="faint tiny"><When at={turn.answered_at} /></span>}
        {turn.usd !== undefined && <span className="faint tiny numbers" title={turn.cost}>{dollars(turn.usd)}</span>}
      </By>
      <div className="text"><Said text={turn.answer ?? ""} cited={(turn.cited ?? []).join(" ")} /></div>
      {turn.cited?.length ? (
        <p className="cited" aria-label="Cited">
          {turn.cited.map((key) => <Link key={key} className="tag" href={`/${key}`}>{key}</Link>)}
        </p>
      ) : null}
    </>
  )
}

const BUDGET = "mentor_budget_used_up"

// An answer that is there is not rendered again while the next one comes.
const Said = memo(function Said({ text, cited }: { text: string; cited: string }) {
  return <Text text={text} keys={cited ? cited.split(" ") : undefined} />
})

function Coming({ mentor, turn }: { mentor: string; turn: Turn }) {
  return (
    <>
      <By mentor={mentor}><span className="faint tiny doing" role="status">{turn.doing}</span></By>
      <div className="text coming" aria-busy="true">{turn.so_far ? <Text text={turn.so_far} /> : <span className="dots" aria-hidden><i /><i /><i /></span>}</div>
    </>
  )
}

function By({ mentor, children }: { mentor: string; children?: React.ReactNode }) {
  return (
    <div className="by">
      <span className="avatar small" aria-hidden><Bot size={13} /></span>
      <Link href={`/${mentor}`}><strong>{mentor}</strong></Link>
      {children}
    </div>
  )
}

