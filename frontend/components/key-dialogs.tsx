"use client"
// What can be done with a key: make one, name it, give it a new secret, end it.
import { useQueryClient } from "@tanstack/react-query"
import { type FormEvent, useState } from "react"
import { choices } from "@/lib/choices"
import { ask, useAction } from "@/lib/rest"
import { label } from "@/lib/words"
import type { Key, Session } from "@/views/machines"
import { Choose } from "./choose"
import { Dialog } from "./dialog"
import { useProjects } from "./issue-choices"
import { useNotices } from "./notices"
import { HowToLogIn, Secret } from "./secret"
import { useShell } from "./shell-context"

const SCOPES = choices.make_key.scope
const MAY: Record<(typeof SCOPES)[number], string> = {
  read: "look at everything that you see",
  write: "and create and change it",
  admin: "and manage people, webhooks and imports",
}

export function MakeKey({ close }: { close: () => void }) {
  const { me } = useShell()
  const { isBusy, run } = useAction()
  const offered = SCOPES.slice(0, SCOPES.indexOf(me.key.scope) + 1)
  const [name, setName] = useState("")
  const [machine, setMachine] = useState("")
  const [scope, setScope] = useState<(typeof SCOPES)[number]>(me.key.scope === "read" ? "read" : "write")
  const [projects, setProjects] = useState<string[]>([])
  const [days, setDays] = useState("")
  const [made, setMade] = useState<string>()
  const all = useProjects()
  if (made) return <Secret title={`The key ${name || machine || "key"}`} secret={made} close={close}><HowToLogIn /></Secret>
  function save(event: FormEvent) {
    event.preventDefault()
    void run(async () => {
      const { key } = await ask("post", "/v1/keys", {
        ...(name.trim() ? { name: name.trim() } : {}), ...(machine.trim() ? { machine: machine.trim() } : {}), scope,
        ...(projects.length ? { projects } : {}), ...(days ? { days: Number(days) } : {}),
      })
      setMade(key)
    }, "keys")
  }
  const toggle = (key: string) => setProjects((chosen) => (chosen.includes(key) ? chosen.filter((each) => each !== key) : [...chosen, key]))
  return (
    <Dialog title="New key" close={close}>
      <form className="form" onSubmit={save}>
        <label>Name<input className="field" value={name} onChange={(event) => setName(event.target.value)} maxLength={80} placeholder="What it is for" autoFocus /></label>
        <label>Machine<input className="field" value={machine} onChange={(event) => setMachine(event.target.value)} maxLength={80} placeholder="Where it is used, if that is one machine" /></label>
        <fieldset>
          <legend>It may</legend>
          {offered.map((each) => (
            <label className="check" key={each}>
              <input type="radio" name="scope" checked={scope === each} onChange={() => setScope(each)} /> <span><strong>{label(each)}</strong> <span className="soft">{MAY[each]}</span></span>
            </label>
          ))}
          {offered.length < SCOPES.length && <p className="faint tiny">No more than the key that this page is signed in with.</p>}
        </fieldset>
        <div className="row wraps">
          <Choose label="Projects" className="chip" choices={all} chosen={projects} choose={toggle} isMultiple>{projects.length ? projects.join(", ") : "All projects"}</Choose>
          <label className="inline">Ends after <input className="field short" type="number" min={1} value={days} onChange={(event) => setDays(event.target.value)} aria-describedby="days-note" /> days</label>
        </div>
        <p className="faint tiny" id="days-note">Without a number of days it is renewed for as long as a machine uses it{me.key.expires_at && !me.key.is_renewable ? ", and ends with the key of this page" : ""}.</p>
        <footer>
          <button type="button" className="button quiet" onClick={close}>Cancel</button>
          <button className="button primary" disabled={isBusy}>Make the key</button>
        </footer>
      </form>
    </Dialog>
  )
}

export function Rename({ apiKey, close }: { apiKey: Key; close: () => void }) {
  const { isBusy, run } = useAction()
  const [name, setName] = useState(apiKey.name)
  function save(event: FormEvent) {
    event.preventDefault()
    void run(async () => {
      await ask("post", "/v1/keys/rename", { id: apiKey.id, name: name.trim() })
      close()
    }, "keys", "sessions")
  }
  return (
    <Dialog title={`Rename ${apiKey.name}`} close={close}>
      <form className="form" onSubmit={save}>
        <label>Name<input className="field" value={name} onChange={(event) => setName(event.target.value)} maxLength={80} autoFocus onFocus={(event) => event.target.select()} /></label>
        <footer>
          <button type="button" className="button quiet" onClick={close}>Cancel</button>
          <button className="button primary" disabled={isBusy || !name.trim()}>Rename</button>
        </footer>
      </form>
    </Dialog>
  )
}

export function Rotate({ apiKey, close }: { apiKey: Key; close: () => void }) {
  const { isBusy, run } = useAction()
  const [secret, setSecret] = useState<string>()
  if (secret) {
    return (
      <Secret title={`The new secret of ${apiKey.name}`} secret={secret} close={close}>
        <p>Put it where the old one is. The first call with it takes over, and the old one then works for a day longer.</p>
        <HowToLogIn />
      </Secret>
    )
  }
  const rotate = () => run(async () => setSecret((await ask("post", "/v1/keys/rotate", apiKey.is_current ? {} : { id: apiKey.id })).key), "keys")
  return (
    <Dialog title={`Rotate ${apiKey.name}?`} close={close}>
      <p>It gets a new secret, with the same scope and projects. Until that is used nothing changes; then the old one has one more day.</p>
      {apiKey.machine && <p className="soft">The key of a machine is renewed by the session that uses it. Rotate it where its secret may be in wrong hands, and revoke it where it is.</p>}
      <footer>
        <button className="button quiet" onClick={close}>Cancel</button>
        <button className="button primary" disabled={isBusy} onClick={() => void rotate()}>Rotate</button>
      </footer>
    </Dialog>
  )
}

export function Revoke({ apiKey, sessions, close }: { apiKey: Key; sessions: readonly Session[]; close: () => void }) {
  const client = useQueryClient()
  const { isBusy, run } = useAction()
  const { say } = useNotices()
  const begun = sessions.filter(({ key_id }) => key_id === apiKey.id).length
  const revoke = () =>
    run(async () => {
      await ask("delete", "/v1/keys", { id: apiKey.id })
      say({ text: `${apiKey.name} is revoked` })
      close()
      if (apiKey.is_current) await client.invalidateQueries({ queryKey: ["me"] })
    }, "keys", "sessions")
  return (
    <Dialog title={`Revoke ${apiKey.name}?`} close={close}>
      <p>From the next call on:</p>
      <ul className="bullets">
        <li>turbo-client{apiKey.machine ? ` on ${apiKey.machine}` : ""}, its Claude Code sessions, and whatever else uses the key are refused;</li>
        <li>{apiKey.is_current ? "this page is signed out, and every browser that signed in with the key." : begun ? `${begun === 1 ? "one browser" : `${begun} browsers`} that signed in with it ${begun === 1 ? "is" : "are"} signed out.` : "browsers that signed in with it are signed out."}</li>
      </ul>
      <p className="soft">Keys that were made with it go on working. What was done with it stays. A revoked key does not come back: <code>turbo-client login</code> with another one lets the machine in again.</p>
      <footer>
        <button className="button quiet" onClick={close}>Cancel</button>
        <button className="button danger" disabled={isBusy} onClick={() => void revoke()}>Revoke</button>
      </footer>
    </Dialog>
  )
}
