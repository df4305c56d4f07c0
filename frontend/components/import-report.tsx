"use client"
// What an import would do, or did: counts, how words were understood, what was not taken, and who is nobody here.
import { useState } from "react"
import type { Imported, Wanted } from "@/lib/importing"
import { Link } from "@/lib/route"
import { label } from "@/lib/words"
import { Choose } from "./choose"
import { usePeople } from "./issue-choices"
import { useUndo } from "./undo"

type Given = { told: Imported; wanted: Wanted; tryOut: (wanted: Wanted) => void; take: () => void; isBusy: boolean }

export function Report({ told, wanted, tryOut, take, isBusy }: Given) {
  const [people, setPeople] = useState<Record<string, string>>(wanted.people ?? {})
  const [rename, setRename] = useState<Record<string, string>>(wanted.rename ?? {})
  const total = told.created.reduce((sum, { count }) => sum + count, 0)
  const isChanged = JSON.stringify([people, rename]) !== JSON.stringify([wanted.people ?? {}, wanted.rename ?? {}])
  return (
    <>
      <section aria-labelledby="would">
        <h2 id="would">This would come into {told.projects.join(", ")}</h2>
        <Counts told={told} />
      </section>
      {(told.strangers.length > 0 || Object.keys(people).length > 0) && <Strangers told={told} people={people} setPeople={setPeople} />}
      {!wanted.project && <Keys told={told} rename={rename} setRename={setRename} />}
      <div className="row wraps">
        {isChanged && <button className="button primary" disabled={isBusy} onClick={() => tryOut({ ...wanted, people, rename })}>Try it out again</button>}
        {!isChanged && total > 0 && <button className="button primary" disabled={isBusy} onClick={take}>Import {total} {total === 1 ? "item" : "items"}</button>}
        {!isChanged && total === 0 && <p className="soft">Nothing of it is new: there is nothing to import.</p>}
      </div>
      <Details told={told} />
    </>
  )
}

export function Done({ done, again }: { done: Imported; again: () => void }) {
  const undo = useUndo()
  return (
    <>
      <section aria-labelledby="done" role="status">
        <h2 id="done">Imported into {done.projects.join(", ")}</h2>
        <Counts told={done} />
      </section>
      <div className="row wraps">
        {done.projects.map((key) => <Link className="button primary" key={key} href={`/issues?project=${key}`}>Show {key}</Link>)}
        {done.session && <button className="button" onClick={() => undo.ask({ session: done.session })}>Take it back</button>}
        <button className="button quiet" onClick={again}>Import another file</button>
      </div>
      <Details told={done} />
      {undo.dialog}
    </>
  )
}

function Counts({ told }: { told: Imported }) {
  return (
    <div className="made">
      {told.created.map(({ kind, count, keys }) => <div key={kind}><strong>{count}</strong><span className="soft small">{count === 1 ? kind : `${kind}s`}{keys ? `, ${keys}` : ""}</span></div>)}
      {told.skipped.map(({ kind, count }) => <div key={`skipped ${kind}`}><strong className="faint">{count}</strong><span className="soft small">{count === 1 ? kind : `${kind}s`} that came in earlier</span></div>)}
      {!told.created.length && !told.skipped.length && <p className="soft">Nothing.</p>}
    </div>
  )
}

/** Of a file that brings its projects along: each may get another key, as long as it is not here. */
function Keys({ told, rename, setRename }: { told: Imported; rename: Record<string, string>; setRename: (rename: Record<string, string>) => void }) {
  const originals = Object.fromEntries(Object.entries(rename).map(([old, key]) => [key, old]))
  const keys = [...new Set([...Object.keys(rename), ...told.projects.map((key) => originals[key] ?? key)])]
  function choose(old: string, key: string) {
    const { [old]: _before, ...rest } = rename
    setRename(key && key !== old ? { ...rest, [old]: key.toUpperCase() } : rest)
  }
  return (
    <section aria-labelledby="keys">
      <h2 id="keys">Its projects, and their keys here</h2>
      <ul className="report people">
        {keys.map((old) => (
          <li key={old}><strong>{old}</strong><span><input className="field short mono" aria-label={`Key of ${old} here`} defaultValue={rename[old] ?? old} maxLength={10} onBlur={(event) => choose(old, event.target.value.trim())} /></span></li>
        ))}
      </ul>
    </section>
  )
}

function Strangers({ told, people, setPeople }: { told: Imported; people: Record<string, string>; setPeople: (people: Record<string, string>) => void }) {
  const here = usePeople().filter(({ value }) => value !== "none")
  const names = [...new Set([...Object.keys(people), ...told.strangers.map(({ name }) => name)])]
  function choose(name: string, value: string) {
    const { [name]: before, ...rest } = people
    setPeople(before === value ? rest : { ...rest, [name]: value })
  }
  return (
    <section aria-labelledby="strangers">
      <h2 id="strangers">Who is that here?</h2>
      <ul className="report people">
        {names.map((name) => (
          <li key={name}>
            <strong>{name}</strong>
            <span><Choose label={`${name} is here`} className="chip" choices={here} chosen={people[name] ? [people[name]] : []} choose={(value) => choose(name, value)}>{people[name] ?? "Nobody: issues stay unassigned"}</Choose></span>
            <span className="who">{told.strangers.find((each) => each.name === name)?.times ?? ""}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Details({ told }: { told: Imported }) {
  return (
    <>
      {told.not_taken.length > 0 && (
        <section aria-labelledby="left">
          <h2 id="left">Not taken, or not as it was</h2>
          <ul className="report">
            {told.not_taken.map(({ field, why, count, records }) => <li key={field + why}><strong>{field}</strong><span>{why} <span className="who">{records}</span></span><span className="who">{count > 1 ? `${count}×` : ""}</span></li>)}
          </ul>
          {told.more ? <p className="faint small">And {told.more} more.</p> : null}
        </section>
      )}
      {told.words.length > 0 && (
        <section aria-labelledby="words">
          <h2 id="words">How words were understood</h2>
          <ul className="report">
            {told.words.map(({ field, theirs, ours, times }) => <li key={field + theirs}><strong>{label(field)}</strong><span>{theirs} → {ours}</span><span className="who">{times}</span></li>)}
          </ul>
        </section>
      )}
    </>
  )
}
