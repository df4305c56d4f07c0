"use client"
// A new issue, without leaving the keyboard: title, text, and Ctrl Enter.
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from "react"
import type { Arguments } from "@/lib/api"
import { useCall, useTool } from "@/lib/data"
import { preferredProject } from "@/lib/preference"
import { Link, placeOf, useAddress } from "@/lib/route"
import { takeTyped } from "@/lib/typed-ahead"
import { label } from "@/lib/words"
import { Choose } from "./choose"
import { Dialog } from "./dialog"
import { ALL_PROJECTS, PRIORITIES, STATUSES, TYPES, usePeople, useProjects } from "./issue-choices"
import { useNotices } from "./notices"
import { Coming, Empty, PriorityIcon, StatusIcon } from "./parts"

type Input = Arguments<"create_issue">

export default function Create({ close }: { close: () => void }) {
  const { path, query } = useAddress()
  const place = placeOf(path)
  const projects = useProjects()
  const isKnown = !useTool("list_projects", ALL_PROJECTS).isPending
  const here = query.get("project") ?? (place.page === "item" ? place.key.split("-")[0] : undefined)
  const [project, setProject] = useState<string>()
  const chosen = project ?? projects.find(({ value }) => value === here)?.value ?? projects.find(({ value }) => value === preferredProject())?.value ?? projects[0]?.value
  if (!isKnown) return <Coming />
  return (
    <Dialog title="New issue" isTitleShown={false} close={close}>
      {chosen ? (
        <Form project={chosen} setProject={setProject} projects={projects} close={close} />
      ) : (
        <Empty title="An issue belongs to a project, and there is none yet" command="turbo-client call create_project key=WEB name='Web shop'" />
      )}
    </Dialog>
  )
}

function Form({ project, setProject, projects, close }: {
  project: string; setProject: (key: string) => void; projects: ReturnType<typeof useProjects>; close: () => void
}) {
  const title = useRef<HTMLInputElement>(null)
  const text = useRef<HTMLTextAreaElement>(null)
  const [fields, setFields] = useState<Partial<Input>>({})
  useLayoutEffect(() => {
    if (title.current) title.current.value = takeTyped().text
  }, [])
  const people = usePeople()
  const create = useCall("create_issue")
  const { say, fail } = useNotices()
  const set = (name: keyof Input) => (value: string) => setFields((all) => ({ ...all, [name]: value }))

  async function save() {
    const heading = title.current?.value.trim()
    if (!heading || create.isPending) return title.current?.focus()
    const description = text.current?.value.trim()
    try {
      const made = await create.mutateAsync({ ...fields, project, title: heading, ...(description ? { description } : {}) } as Input)
      say({ text: <>Created <Link href={`/${made.key}`}>{made.key}</Link>{made.possible_duplicate_of ? `: perhaps the same as ${made.possible_duplicate_of}` : ""}</> })
      close()
    } catch (error) {
      fail(error)
    }
  }
  function press(event: KeyboardEvent) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey || event.target === title.current)) return
    event.preventDefault()
    void save()
  }
  return (
    <form onKeyDown={press} onSubmit={(event) => (event.preventDefault(), void save())} style={{ display: "grid", gap: 12 }}>
      <input ref={title} className="title-field" placeholder="What has to be done" aria-label="Title" maxLength={300} autoFocus />
      <textarea ref={text} className="text-field" placeholder="Description, in markdown" aria-label="Description" />
      <div className="choices">
        <Choose label="Project" className="chip" choices={projects} chosen={[project]} choose={setProject}>{project}</Choose>
        <Choose label="Status" className="chip" choices={STATUSES} chosen={[fields.status ?? "backlog"]} choose={set("status")}>
          <StatusIcon value={fields.status ?? "backlog"} /> {label(fields.status ?? "backlog")}
        </Choose>
        <Choose label="Priority" className="chip" choices={PRIORITIES} chosen={[fields.priority ?? ""]} choose={set("priority")}>
          <PriorityIcon value={fields.priority ?? "none"} /> {fields.priority ? label(fields.priority) : "Priority"}
        </Choose>
        <Choose label="Type" className="chip" choices={TYPES} chosen={[fields.type ?? ""]} choose={set("type")}>{fields.type ? label(fields.type) : "Type"}</Choose>
        <Choose label="Assignee" className="chip" choices={people} chosen={[fields.assignee ?? ""]} choose={set("assignee")}>{fields.assignee ?? "Assignee"}</Choose>
        <Choose label="Due" className="chip" choices={[]} chosen={[]} choose={set("due")} free="2026-12-31, friday, +3d">{fields.due ?? "Due"}</Choose>
      </div>
      <footer>
        <span className="faint tiny grow"><kbd>Enter</kbd> in the title, or <kbd>Ctrl</kbd> <kbd>Enter</kbd></span>
        <button type="button" className="button quiet" onClick={close}>Cancel</button>
        <button className="button primary" disabled={create.isPending}>Create</button>
      </footer>
    </form>
  )
}
