"use client"
// Projects: their names, who sees them, and those that were put away.
import { useQuery } from "@tanstack/react-query"
import { Plus } from "lucide-react"
import { type FormEvent, useState } from "react"
import { api, type Answer, taken } from "@/lib/api"
import { useCall, useTool } from "@/lib/data"
import { ask, useAction, useMembers, useRights } from "@/lib/rest"
import { Link } from "@/lib/route"
import { Dialog } from "./dialog"
import { useNotices } from "./notices"
import { Empty, Waiting, When } from "./parts"
import { useShell } from "./shell-context"

type Project = Answer<"list_projects">["items"][number]
type Opened = { what: "make" } | { what: "edit" | "access"; of: Project }

export function Projects() {
  const { me } = useShell()
  const { canWrite, isAdmin } = useRights()
  const [archived, setArchived] = useState(false)
  const [opened, setOpened] = useState<Opened>()
  const projects = useTool("list_projects", { archived, limit: 100 })
  const archive = useCall("archive_item")
  const restore = useCall("restore_item")
  const { say, fail } = useNotices()
  const close = () => setOpened(undefined)
  async function move({ key }: Project) {
    try {
      if (archived) await restore.mutateAsync({ key })
      else await archive.mutateAsync({ key })
      say({ text: archived ? `${key} is back` : `${key} is archived, with all in it`, ...(archived ? {} : { action: { label: "Undo", run: () => void restore.mutateAsync({ key }).catch(fail) } }) })
    } catch (error) {
      fail(error)
    }
  }
  return (
    <section className="section" aria-labelledby="projects">
      <h2 id="projects">Projects <span className="count">{projects.data?.total}</span><span className="grow" />
        <button className={archived ? "chip on" : "chip"} aria-pressed={archived} onClick={() => setArchived(!archived)}>Archived</button>
        {canWrite && !me.key.is_limited && <button className="button" onClick={() => setOpened({ what: "make" })}><Plus size={14} aria-hidden /> New project</button>}
      </h2>
      <Waiting query={projects} />
      <ul aria-label="Projects">
        {projects.data?.items.map((each) => (
          <li className="own-row" key={each.key} data-project={each.key}>
            <div className="what">
              <span className="row wraps"><Link href={`/issues?project=${each.key}`}><strong>{each.name}</strong></Link><span className="faint tiny">{each.key}</span></span>
              {each.description && <span className="soft small">{each.description}</span>}
              <span className="facts"><span>{each.open} open, {each.done} done</span><span>changed <When at={each.updated_at} /></span></span>
            </div>
            <div className="acts">
              {canWrite && !archived && <button className="button quiet" onClick={() => setOpened({ what: "edit", of: each })} aria-label={`Edit ${each.key}`}>Edit</button>}
              {!archived && <button className="button quiet" onClick={() => setOpened({ what: "access", of: each })} aria-label={`Who sees it: ${each.key}`}>Who sees it</button>}
              {canWrite && <button className="button quiet" onClick={() => void move(each)} aria-label={`${archived ? "Restore" : "Archive"} ${each.key}`}>{archived ? "Restore" : "Archive"}</button>}
            </div>
          </li>
        ))}
      </ul>
      {projects.data?.items.length === 0 && (archived ? <p className="note">Nothing is archived.</p> : <Empty title="No project yet" command="turbo-client call create_project key=WEB name='Web shop'">An issue belongs to a project.</Empty>)}
      {opened?.what === "make" && <Make close={close} />}
      {opened?.what === "edit" && <Edit project={opened.of} close={close} />}
      {opened?.what === "access" && <Access project={opened.of} mayChange={isAdmin} close={close} />}
    </section>
  )
}

function Make({ close }: { close: () => void }) {
  const create = useCall("create_project")
  const { say, fail } = useNotices()
  const [fields, setFields] = useState({ name: "", key: "", description: "" })
  const set = (name: keyof typeof fields) => (event: { target: { value: string } }) => setFields((all) => ({ ...all, [name]: event.target.value }))
  async function save(event: FormEvent) {
    event.preventDefault()
    try {
      const made = await create.mutateAsync({ key: fields.key.trim().toUpperCase(), name: fields.name.trim(), description: fields.description })
      say({ text: `${made.key} is there` })
      close()
    } catch (error) {
      fail(error)
    }
  }
  return (
    <Dialog title="New project" close={close}>
      <form className="form" onSubmit={(event) => void save(event)}>
        <label>Name<input className="field" value={fields.name} onChange={set("name")} maxLength={300} autoFocus /></label>
        <label>Key<input className="field mono" value={fields.key} onChange={set("key")} maxLength={10} placeholder="WEB" aria-describedby="key-note" style={{ textTransform: "uppercase" }} /></label>
        <p className="faint tiny" id="key-note">It heads the keys of all issues, and stays for good.</p>
        <label>Description<textarea className="area" value={fields.description} onChange={set("description")} /></label>
        <footer>
          <button type="button" className="button quiet" onClick={close}>Cancel</button>
          <button className="button primary" disabled={create.isPending || !fields.key.trim() || !fields.name.trim()}>Create</button>
        </footer>
      </form>
    </Dialog>
  )
}

/** From the whole text: a list shows the beginning of it. */
function Edit({ project, close }: { project: Project; close: () => void }) {
  const whole = useTool("get_item", { key: project.key })
  return (
    <Dialog title={`Edit ${project.key}`} close={close}>
      <Waiting query={whole} />
      {whole.data && <EditForm of={whole.data} close={close} />}
    </Dialog>
  )
}

function EditForm({ of, close }: { of: Answer<"get_item">; close: () => void }) {
  const { isBusy, run } = useAction()
  const [begun] = useState(of) // what was read then, whatever has been heard of since
  const [name, setName] = useState(begun.title)
  const [description, setDescription] = useState(begun.description ?? "")
  const isCut = Boolean(begun.description_cut)
  function save(event: FormEvent) {
    event.preventDefault()
    void run(async () => {
      const changed = { ...(name.trim() === begun.title ? {} : { name: name.trim() }), ...(isCut || description === (begun.description ?? "") ? {} : { description }) }
      if (Object.keys(changed).length) await ask("post", "/v1/projects", { project: begun.key, ...changed, ...(begun.version ? { version: begun.version } : {}) })
      close()
    })
  }
  return (
    <form className="form" onSubmit={save}>
      <label>Name<input className="field" value={name} onChange={(event) => setName(event.target.value)} maxLength={300} autoFocus /></label>
      <label>Description<textarea className="area" style={{ minHeight: 160 }} value={description} onChange={(event) => setDescription(event.target.value)} readOnly={isCut} /></label>
      {isCut && <p className="faint tiny">The text is longer than what is shown: it is not edited here, so that none of it is lost.</p>}
      <footer>
        <button type="button" className="button quiet" onClick={close}>Cancel</button>
        <button className="button primary" disabled={isBusy || !name.trim()}>Save</button>
      </footer>
    </form>
  )
}

function Access({ project, mayChange, close }: { project: Project; mayChange: boolean; close: () => void }) {
  const access = useQuery({ queryKey: ["access", project.key], queryFn: () => taken(api.GET("/v1/access", { params: { query: { project: project.key } } })) })
  const { me } = useShell()
  const people = useMembers()
  const { isBusy, run } = useAction()
  const set = (change: { private?: boolean; add?: string[]; remove?: string[] }) => void run(async () => void (await ask("post", "/v1/access", { project: project.key, ...change })), "access")
  const members = access.data?.members ?? []
  return (
    <Dialog title={`Who sees ${project.key}`} close={close}>
      <Waiting query={access} />
      {access.data && (
        <div className="form">
          <p>{access.data.private ? "Those who are ticked. For everybody else the project is not there, owners too." : "Everybody in the workspace."}</p>
          {access.data.private && (
            <fieldset disabled={!mayChange || isBusy} aria-label="People who see it">
              {people.data?.people.map(({ name }) => (
                <label className="check" key={name}>
                  <input type="checkbox" checked={members.includes(name)} onChange={(event) => set(event.target.checked ? { add: [name] } : { remove: [name] })} /> {name}{name === me.name && <span className="faint"> (you)</span>}
                </label>
              ))}
            </fieldset>
          )}
          {!mayChange && <p className="faint small">An owner changes that, with a key of the scope admin.</p>}
          <footer>
            {mayChange && <button className="button" disabled={isBusy} onClick={() => set({ private: !access.data?.private })}>{access.data.private ? "Open it to all" : "Make it private"}</button>}
            <button className="button primary" onClick={close}>Done</button>
          </footer>
        </div>
      )}
    </Dialog>
  )
}
