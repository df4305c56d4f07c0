"use client"
// Keys and web sessions: which machine has which, what used it last, and an end to each.
import { useQuery } from "@tanstack/react-query"
import { Plus } from "lucide-react"
import { useState } from "react"
import { Bar } from "@/components/bar"
import { MakeKey, Rename, Revoke, Rotate } from "@/components/key-dialogs"
import { Empty, Person, Waiting, When } from "@/components/parts"
import { useShell } from "@/components/shell-context"
import { api, taken } from "@/lib/api"
import { ask, type Result, useAction, useRights } from "@/lib/rest"
import { day, isPast, label } from "@/lib/words"

export type Key = Result<"/v1/keys", "get">["items"][number]
export type Session = Result<"/v1/session", "get">["items"][number]
type Opened = { what: "make" } | { what: "rename" | "revoke" | "rotate"; of: Key }

export default function Machines() {
  const { oversees } = useRights()
  const [wantsAll, setWantsAll] = useState(false)
  const [opened, setOpened] = useState<Opened>()
  const everyone = wantsAll && oversees
  const keys = useQuery({
    queryKey: ["keys", everyone],
    queryFn: () => taken(api.GET("/v1/keys", { params: { query: everyone ? { everyone } : {} } })),
  })
  const sessions = useQuery({ queryKey: ["sessions"], queryFn: () => taken(api.GET("/v1/session")) })
  const close = () => setOpened(undefined)
  return (
    <>
      <Bar title="Machines and keys">
        <button className="button" onClick={() => setOpened({ what: "make" })}><Plus size={14} aria-hidden /> New key</button>
      </Bar>
      {oversees && (
        <div className="tools" role="group" aria-label="Whose keys">
          <button className={everyone ? "chip" : "chip on"} aria-pressed={!everyone} onClick={() => setWantsAll(false)}>Mine</button>
          <button className={everyone ? "chip on" : "chip"} aria-pressed={everyone} onClick={() => setWantsAll(true)}>Everybody’s</button>
        </div>
      )}
      <div className="scroll" tabIndex={0} role="region" aria-label="Keys and sessions">
        <section className="section">
          <h2>Keys <span className="count">{keys.data?.items.length}</span></h2>
          <Waiting query={keys} />
          <ul aria-label="Keys">
            {keys.data?.items.map((key) => <KeyRow key={key.id} apiKey={key} everyone={everyone} open={setOpened} />)}
          </ul>
        </section>
        <Sessions sessions={sessions} />
      </div>
      {opened?.what === "make" && <MakeKey close={close} />}
      {opened?.what === "rename" && <Rename apiKey={opened.of} close={close} />}
      {opened?.what === "rotate" && <Rotate apiKey={opened.of} close={close} />}
      {opened?.what === "revoke" && <Revoke apiKey={opened.of} sessions={sessions.data?.items ?? []} close={close} />}
    </>
  )
}

function KeyRow({ apiKey: key, everyone, open }: { apiKey: Key; everyone: boolean; open: (what: Opened) => void }) {
  const { me } = useShell()
  const isMine = key.person === me.name
  const isOver = key.expires_at !== undefined && isPast(key.expires_at.slice(0, 10))
  return (
    <li className="own-row" data-key-id={key.id}>
      <div className="what">
        <span className="row wraps">
          {everyone && <Person name={key.person} />}
          <strong>{key.machine ?? key.name}</strong>
          {key.machine && key.machine !== key.name && <span className="soft">{key.name}</span>}
          <span className="faint mono tiny">…{key.last4}</span>
          {key.is_current && <span className="tag tone-accent">This page</span>}
          {isOver && <span className="tag tone-red">Expired</span>}
        </span>
        <span className="facts">
          {everyone && <span>{key.person}</span>}
          <span>{label(key.scope)}{key.projects ? ` in ${key.projects.join(", ") || "no project that you see"}` : ""}</span>
          <span>{key.last_used_at ? <>used <When at={key.last_used_at} /></> : "never used"}{key.client_version ? ` by turbo-client ${key.client_version}` : ""}</span>
          <span>{key.expires_at ? `${isOver ? "ended" : "until"} ${day(key.expires_at)}${key.is_renewable && !isOver ? ", renewed while it is used" : ""}` : "without an end"}</span>
        </span>
      </div>
      <div className="acts">
        {isMine && <button className="button quiet" onClick={() => open({ what: "rename", of: key })} aria-label={`Rename ${key.name}`}>Rename</button>}
        {isMine && !isOver && <button className="button quiet" onClick={() => open({ what: "rotate", of: key })} aria-label={`Rotate ${key.name}`}>Rotate</button>}
        <button className="button quiet danger" onClick={() => open({ what: "revoke", of: key })} aria-label={`Revoke ${key.name}`}>Revoke</button>
      </div>
    </li>
  )
}

function Sessions({ sessions }: { sessions: { data?: Result<"/v1/session", "get"> | undefined; isPending: boolean; error: Error | null } }) {
  const { isBusy, run } = useAction()
  const end = (id: number) => run(async () => void (await ask("delete", "/v1/session", { id })), "sessions", "me")
  return (
    <section className="section">
      <h2>Signed in to this page <span className="count">{sessions.data?.items.length}</span></h2>
      <Waiting query={sessions} />
      <ul aria-label="Sessions">
        {sessions.data?.items.map((each) => (
          <li className="own-row" key={each.id} data-session-id={each.id}>
            <div className="what">
              <span className="row wraps"><strong>With {each.key_name}</strong>{each.is_current && <span className="tag tone-accent">This page</span>}</span>
              <span className="facts"><span>since <When at={each.created_at} /></span><span>used <When at={each.last_used_at} /></span><span>until {day(each.expires_at)} at most</span></span>
            </div>
            <div className="acts">
              <button className="button quiet danger" disabled={isBusy} onClick={() => void end(each.id)} aria-label={each.is_current ? "Sign out here" : `End the session with ${each.key_name}`}>{each.is_current ? "Sign out" : "End"}</button>
            </div>
          </li>
        ))}
      </ul>
      {sessions.data?.items.length === 0 && <Empty title="Nobody is signed in with a browser" command="turbo-client web">A browser is signed in by a link, which works once.</Empty>}
    </section>
  )
}
