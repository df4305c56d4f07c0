"use client"
// Which file, from which tool, into which project; and what can be imported at all.
import { FileUp } from "lucide-react"
import { type DragEvent, useState } from "react"
import type { Wanted } from "@/lib/importing"
import type { Offer } from "@/views/import"
import { size } from "@/views/import"
import { Choose } from "./choose"
import { useProjects } from "./issue-choices"

export function Drop({ choose, most }: { choose: (file: File | undefined) => void; most: string }) {
  const [isOver, setOver] = useState(false)
  function over(event: DragEvent, isIn: boolean) {
    event.preventDefault()
    setOver(isIn)
  }
  return (
    <label className="drop" data-over={isOver} onDragOver={(event) => over(event, true)} onDragLeave={(event) => over(event, false)}
      onDrop={(event) => (over(event, false), choose(event.dataTransfer.files[0]))}>
      <FileUp size={22} aria-hidden />
      <strong>Choose a file, or drop it here</strong>
      <span className="soft small">Nothing is written before you have seen what would be. At most {most}.</span>
      <input type="file" className="hidden-text" onChange={(event) => choose(event.target.files?.[0])} />
    </label>
  )
}

type Given = {
  file: File; offer: Offer; wanted: Wanted; change: (wanted: Wanted) => void; leave: () => void; tryOut: () => void; isBusy: boolean; isTried: boolean
}

export function Chosen({ file, offer, wanted, change, leave, tryOut, isBusy, isTried }: Given) {
  const projects = useProjects()
  const sources = offer.sources.map(({ source, name }) => ({ value: source, text: name }))
  const isNew = wanted.project !== undefined && !projects.some(({ value }) => value === wanted.project)
  const brings = offer.sources.find(({ source }) => source === wanted.source)?.brings_projects
  function pickSource(value: string) {
    const source = offer.sources.find((each) => each.source === value)?.source
    const { source: before, ...rest } = wanted
    change(source && source !== before ? { ...rest, source } : rest)
  }
  function pickProject(value: string) {
    const { create: _before, ...rest } = wanted
    const key = projects.some((each) => each.value === value) ? value : value.toUpperCase()
    change(projects.some((each) => each.value === key) ? { ...rest, project: key } : { ...rest, project: key, create: key })
  }
  return (
    <section>
      <div className="row wraps" style={{ marginBottom: 12 }}>
        <strong>{file.name}</strong> <span className="faint small">{size(file.size)}</span>
        <button className="button quiet" onClick={leave} disabled={isBusy}>Another file</button>
      </div>
      <div className="form">
        <div className="row wraps">
          <Choose label="From" className="chip" choices={sources} chosen={wanted.source ? [wanted.source] : []} choose={pickSource}>{wanted.source ? `From: ${sources.find(({ value }) => value === wanted.source)?.text}` : "From: what the file says"}</Choose>
          {!brings && <Choose label="Into" className="chip" choices={projects} chosen={wanted.project ? [wanted.project] : []} choose={pickProject} free="A project, or a new key such as WEB">{wanted.project ? `Into: ${wanted.project}` : "Into: choose a project"}</Choose>}
        </div>
        {isNew && !brings && (
          <label>Name of the new project {wanted.project}<input className="field" value={wanted.create ?? ""} maxLength={300} onChange={(event) => change({ ...wanted, create: event.target.value })} /></label>
        )}
        {!isTried && <div><button className="button primary" disabled={isBusy || (isNew && !wanted.create?.trim())} onClick={tryOut}>Try it out</button></div>}
      </div>
    </section>
  )
}

export function Offered({ offer }: { offer: Offer }) {
  return (
    <section aria-labelledby="offered">
      <h2 id="offered">What can be imported</h2>
      <dl className="sources">
        {offer.sources.map((each) => (
          <div key={each.source}><dt>{each.name} <span className="faint tiny">{each.file}</span></dt><dd>{each.makes}</dd></div>
        ))}
      </dl>
      <h2 style={{ marginTop: 18 }}>What comes in otherwise, or not</h2>
      <ul className="bullets small soft">
        {offer.not_here.map((each) => <li key={each}>{each}</li>)}
        <li>At once at most {offer.most_records} items, comments and entries. Larger files: turbo-server import, on the server.</li>
      </ul>
    </section>
  )
}
