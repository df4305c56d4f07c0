"use client"
// A question that waits for the model at hand: how Claude Code answers it, and what it gets to read for that.
import { useQuery } from "@tanstack/react-query"
import { Check, Copy } from "lucide-react"
import { useState } from "react"
import { call, isRecord } from "@/lib/api"
import type { Conversation, Turn } from "@/lib/mentors"
import { Link } from "@/lib/route"
import { useNotices } from "./notices"
import { Waiting } from "./parts"
import { useShell } from "./shell-context"

export function Brief({ conversation: { key, mentor, answers_itself }, turn }: { conversation: Conversation; turn: Turn }) {
  const { me } = useShell()
  const isMine = turn.by === me.name && me.key.scope !== "read"
  const [isWanted, setWanted] = useState(isMine)
  // Not under "tool": it is made anew for each question, and not for whatever else happens.
  const brief = useQuery({ queryKey: ["brief", key, turn.turn], queryFn: ({ signal }) => call("ask_mentor", { conversation: key, brief_only: true }, signal), enabled: isWanted, staleTime: Infinity })
  const words = `Answer ${key} as ${mentor}: call ask_mentor(conversation=${key}) for the brief, then record_answer.`
  return (
    <div className="waiting">
      <p>
        {answers_itself ? "This question was asked for the brief, and waits for Claude Code’s answer." : "This server has no key for Anthropic’s API, so Claude Code answers."}{" "}
        In a session that is connected here, say this; the answer is recorded and appears here by itself:
      </p>
      <div className="say"><code>{words}</code><CopyButton text={words} name="Copy what to say" /></div>
      {isWanted ? <Waiting query={brief} /> : me.key.scope !== "read" && <button className="button" onClick={() => setWanted(true)}>Show the brief</button>}
      {brief.data?.brief && (
        <div className="row" style={{ alignItems: "flex-start" }}>
          <details className="grow">
            <summary>The brief: {material(brief.data.brief).length} {material(brief.data.brief).length === 1 ? "item" : "items"}, picked for this question</summary>
            <ol>{material(brief.data.brief).map((entry) => <Entry key={String(entry.key)} entry={entry} />)}</ol>
            {also(brief.data.brief).length > 0 && <p className="faint tiny">Also: {also(brief.data.brief).join(" · ")}</p>}
          </details>
          <CopyButton text={JSON.stringify({ how: brief.data.how, you: brief.data.you, brief: brief.data.brief }, null, 1)} name="Copy the brief" />
        </div>
      )}
    </div>
  )
}

function Entry({ entry }: { entry: Record<string, unknown> }) {
  const text = [entry.text, entry.outcome, entry.answer].find((each) => typeof each === "string")
  return (
    <li>
      <Link className="key" href={`/${entry.key}`}>{String(entry.key)}</Link> <span>{String(entry.title ?? "")}</span>
      {entry.why !== undefined && <span className="faint tiny"> {String(entry.why)}</span>}
      {text !== undefined && <p className="soft tiny clamped">{String(text)}</p>}
    </li>
  )
}

function CopyButton({ text, name }: { text: string; name: string }) {
  const { fail } = useNotices()
  const [isCopied, setCopied] = useState(false)
  async function copy() {
    try {
      await navigator.clipboard.writeText(text)
      setCopied(true)
    } catch {
      fail(new Error("The browser does not let this page copy: mark the text and copy it."))
    }
  }
  return (
    <button type="button" className="icon-button" aria-label={name} title={name} onClick={(event) => (event.preventDefault(), void copy())}>
      {isCopied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
    </button>
  )
}

function material(brief: Record<string, unknown>): Record<string, unknown>[] {
  return Array.isArray(brief.material) ? brief.material.filter(isRecord) : []
}

function also(brief: Record<string, unknown>): string[] {
  return Array.isArray(brief.also) ? brief.also.map(String) : []
}
