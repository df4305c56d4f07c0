"use client"
// A document: its whole text, an editor for it, and its versions with what each changed.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { api, taken } from "@/lib/api"
import type { paths } from "@/lib/api-types"
import { hasDraft } from "@/lib/drafts"
import { useKeys } from "@/lib/keys"
import { part } from "@/lib/part"
import { whole } from "@/lib/words"
import { Dialog } from "./dialog"
import { Editor } from "./editor"
import type { ItemEdit, Whole } from "./item-edit"
import { Loading, Person, Waiting, When } from "./parts"
import { Text } from "./text"

const Difference = part(() => import("./difference"), <Loading />)
type Version = paths["/v1/documents/versions"]["get"]["responses"][200]["content"]["application/json"]["items"][number]
type Begun = { text: string; version: number }

export function Document({ item, edit }: { item: Whole; edit: ItemEdit }) {
  const text = useQuery({
    queryKey: ["tool", "documents/text", item.key],
    queryFn: () => taken(api.GET("/v1/documents/text", { params: { query: { key: item.key } } })),
  })
  const [begun, setBegun] = useState<Begun>()
  const now = text.data
  // A text that this tab kept goes on where it was.
  if (now && !begun && edit.canEdit && hasDraft(item.key)) setBegun({ text: now.text, version: now.current_version })
  const begin = () => now && setBegun({ text: now.text, version: now.current_version })
  useKeys(edit.canEdit && now && !begun ? [{ keys: "t", does: "Edit the text", run: begin }] : [], "On this page")
  if (begun) return <Editor name={item.key} {...begun} isWide close={() => setBegun(undefined)} save={(changed, version) => edit.save({ text: changed }, version)} />
  return (
    <>
      <Waiting query={text} />
      {edit.canEdit && now && <p className="row decision-actions"><button className="button" title="t" onClick={begin}>Edit the text</button></p>}
      {now && (now.text ? <Text text={now.text} /> : <p className="faint">It is empty.</p>)}
      <Versions item={item} edit={edit} />
    </>
  )
}

function Versions({ item, edit }: { item: Whole; edit: ItemEdit }) {
  const [open, setOpen] = useState<number>()
  const versions = useInfiniteQuery({
    queryKey: ["tool", "documents/versions", item.key],
    initialPageParam: "",
    queryFn: ({ pageParam }) => taken(api.GET("/v1/documents/versions", { params: { query: { key: item.key, limit: 20, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  })
  const rows = versions.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <section>
      <h2>Versions <span className="faint">{versions.data?.pages[0]?.total}</span></h2>
      <Waiting query={versions} />
      <ol className="versions">
        {rows.map((each, at) => (
          <OneVersion key={each.version} itemKey={item.key} version={each} before={rows[at + 1]?.version ?? (each.version > 1 && versions.hasNextPage ? each.version - 1 : undefined)}
            isCurrent={at === 0} isOpen={open === each.version} toggle={() => setOpen(open === each.version ? undefined : each.version)} edit={edit} />
        ))}
      </ol>
      {versions.hasNextPage && <button className="button quiet" onClick={() => void versions.fetchNextPage()}>Older versions</button>}
    </section>
  )
}

type Given = { itemKey: string; version: Version; before: number | undefined; isCurrent: boolean; isOpen: boolean; toggle: () => void; edit: ItemEdit }

function OneVersion({ itemKey, version, before, isCurrent, isOpen, toggle, edit }: Given) {
  const [isAsked, setAsked] = useState(false)
  const number = version.version
  return (
    <li>
      <div className="row">
        <button className="version" aria-expanded={isOpen} onClick={toggle}>
          <span className="numbers">Version {number}</span> <Person name={version.author} />
          <span>{version.author}{version.machine ? <span className="faint"> {version.session ? "agent on" : "on"} {version.machine}</span> : null}</span>
          <span className="faint tiny"><When at={version.at} /></span>
          <span className="soft ellipsis grow">{version.note}</span>
          <span className="faint tiny numbers">{version.characters.toLocaleString("en")} characters</span>
        </button>
        {isCurrent ? <span className="tag">Current</span> : edit.canEdit && <button className="button quiet" aria-label={`Restore version ${number}`} onClick={() => setAsked(true)}>Restore</button>}
      </div>
      {isOpen && <Difference itemKey={itemKey} version={number} before={before} isCurrent={isCurrent} />}
      {isAsked && <Restore itemKey={itemKey} version={version} edit={edit} close={() => setAsked(false)} />}
    </li>
  )
}

function Restore({ itemKey, version, edit, close }: { itemKey: string; version: Version; edit: ItemEdit; close: () => void }) {
  const [note, setNote] = useState("")
  async function restore() {
    if (await edit.save({ restore: version.version, ...(note.trim() ? { note } : {}) })) close()
  }
  return (
    <Dialog title={`Restore version ${version.version} of ${itemKey}?`} close={close}>
      <p className="soft">Its text and title of {whole(version.at)}, by {version.author}, become a new version. Nothing is lost: what is there now stays as a version.</p>
      <label className="named">Why<input className="field" value={note} onChange={(event) => setNote(event.target.value)} /></label>
      <footer>
        <button className="button quiet" onClick={close}>Cancel</button>
        <button className="button primary" onClick={() => void restore()}>Restore</button>
      </footer>
    </Dialog>
  )
}
