"use client"
// What a version of a document changed, line by line; or what became of it since.
import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { api, taken } from "@/lib/api"
import { Waiting } from "./parts"
import { Text } from "./text"

type Shown = "change" | "since" | "text"
const NAMES: Record<Shown, string> = { change: "What it changed", since: "Changed since", text: "Its text" }

export default function Difference({ itemKey, version, before, isCurrent }: { itemKey: string; version: number; before: number | undefined; isCurrent: boolean }) {
  const offered = (Object.keys(NAMES) as Shown[]).filter((each) => (each !== "change" || before !== undefined) && (each !== "since" || !isCurrent))
  const [shown, setShown] = useState<Shown>(before === undefined ? "text" : "change")
  return (
    <div className="difference">
      <div className="switch" role="group" aria-label={`Version ${version}`}>
        {offered.map((each) => <button key={each} aria-pressed={each === shown} onClick={() => setShown(each)}>{NAMES[each]}</button>)}
      </div>
      {shown === "text" && <Old itemKey={itemKey} version={version} />}
      {shown === "change" && before !== undefined && <Lines itemKey={itemKey} from={before} to={version} />}
      {shown === "since" && <Lines itemKey={itemKey} from={version} to={undefined} />}
    </div>
  )
}

function Old({ itemKey, version }: { itemKey: string; version: number }) {
  const text = useQuery({
    queryKey: ["tool", "documents/text", itemKey, version],
    queryFn: () => taken(api.GET("/v1/documents/text", { params: { query: { key: itemKey, version } } })),
  })
  return <><Waiting query={text} />{text.data && <div className="box"><Text text={text.data.text} /></div>}</>
}

function Lines({ itemKey, from, to }: { itemKey: string; from: number; to: number | undefined }) {
  const compared = useQuery({
    queryKey: ["tool", "documents/diff", itemKey, from, to],
    queryFn: () => taken(api.GET("/v1/documents/diff", { params: { query: { key: itemKey, from, ...(to ? { to } : {}) } } })),
  })
  const lines = compared.data?.diff.split("\n").slice(2) ?? []
  return (
    <>
      <Waiting query={compared} />
      {compared.data?.title && <p className="small">Title: <del>{compared.data.title[0]}</del> <ins>{compared.data.title[1]}</ins></p>}
      {compared.data && !compared.data.diff && <p className="faint small">The texts are equal.</p>}
      {lines.length > 0 && <pre className="lines" tabIndex={0} role="region" aria-label={`Changed lines from version ${from}`}>{lines.map((line, at) => <Line key={at} line={line} />)}</pre>}
    </>
  )
}

function Line({ line }: { line: string }) {
  const text = `${line.slice(1)}\n`
  if (line.startsWith("+")) return <ins><i aria-hidden>+ </i>{text}</ins>
  if (line.startsWith("-")) return <del><i aria-hidden>− </i>{text}</del>
  if (line.startsWith("@@")) return <span className="where">{`${line}\n`}</span>
  return <span><i aria-hidden>{"  "}</i>{text}</span>
}
