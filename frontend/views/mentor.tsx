"use client"
// One mentor: who it is, how it judges and answers, and the conversations with it.
import { MessagesSquare } from "lucide-react"
import { Tabs } from "radix-ui"
import { Archiving } from "@/components/archiving"
import { Bar } from "@/components/bar"
import { Choose } from "@/components/choose"
import { Conflict } from "@/components/conflict"
import { Conversations } from "@/components/conversation-rows"
import { Cap } from "@/components/cost"
import { EditableText, EditableTitle } from "@/components/editable"
import type { Fields, Whole } from "@/components/item-edit"
import { History } from "@/components/item-parts"
import { Empty, Waiting } from "@/components/parts"
import { useShell } from "@/components/shell-context"
import { useVersioned } from "@/components/versioned"
import { useTool } from "@/lib/data"
import { dollars, useMentors, usePost } from "@/lib/mentors"

export default function Mentor({ handle }: { handle: string }) {
  const { me, ask } = useShell()
  const item = useTool("get_item", { key: handle, include: ["history"] })
  const name = handle.slice(1)
  const canWrite = me.key.scope !== "read"
  return (
    <>
      <Bar title={handle}>
        {canWrite && item.data && !item.data.archived_at && <button className="button" onClick={() => ask({ mentor: name })}><MessagesSquare size={14} aria-hidden /> Ask</button>}
      </Bar>
      <div className="scroll">
        <Waiting query={item} />
        {item.data && <Shown item={item.data} name={name} canWrite={canWrite} />}
      </div>
    </>
  )
}

function Shown({ item, name, canWrite }: { item: Whole; name: string; canWrite: boolean }) {
  const post = usePost("/v1/mentors")
  const { conflict, save } = useVersioned(item.key, item.version, (fields, version) => post.mutateAsync({ name, ...renamed(fields), ...(version ? { version } : {}) }))
  const canEdit = canWrite && !item.archived_at
  return (
    <div className="item text-first">
      <article>
        <EditableTitle title={item.title} save={canEdit ? (title) => save({ title }) : undefined} />
        <section>
          <h2>Watches</h2>
          <EditableText version={item.version} text={item.watches ?? ""} isCut={false} name={`${item.key} watches`} what="what it watches" empty="Whatever is asked." save={canEdit ? (watches, seen) => save({ watches }, seen) : undefined} />
        </section>
        <section>
          <h2>Instructions</h2>
          <EditableText version={item.version} text={item.instructions ?? ""} isCut={!!item.instructions_cut} name={`${item.key} instructions`} what="the instructions" empty="None." save={canEdit ? (instructions, seen) => save({ instructions }, seen) : undefined} />
        </section>
        <section>
          <Tabs.Root defaultValue="conversations">
            <Tabs.List className="tabs" aria-label="What happened">
              <Tabs.Trigger value="conversations">Conversations</Tabs.Trigger>
              <Tabs.Trigger value="history">History</Tabs.Trigger>
            </Tabs.List>
            <Tabs.Content value="conversations" className="flush">
              <Conversations filter={{ mentor: name }} empty={<Empty title="Nobody has asked it yet" command={`Ask ${item.key} what goes against our decisions.`}>Press <kbd>m</kbd> here, write {item.key} in a comment, or say in Claude Code:</Empty>} />
            </Tabs.Content>
            <Tabs.Content value="history"><History item={item} canWrite={canEdit} /></Tabs.Content>
          </Tabs.Root>
        </section>
      </article>
      <Figures item={item} name={name} canEdit={canEdit} canWrite={canWrite} save={save} />
      {conflict && <Conflict conflict={conflict} />}
    </div>
  )
}

/** Its role is what an item's title is. */
function renamed({ title, ...rest }: Fields): Fields {
  return title === undefined ? rest : { ...rest, role: title }
}

type Given = { item: Whole; name: string; canEdit: boolean; canWrite: boolean; save: (fields: Fields) => Promise<boolean> }

function Figures({ item, name, canEdit, canWrite, save }: Given) {
  const mentors = useMentors(!!item.archived_at)
  const figures = mentors.data?.items.find((each) => each.name === name)
  const model = item.model ?? `${mentors.data?.model ?? ""} (the server’s)`
  const budget = item.daily_budget === undefined ? "The server’s limits" : `${dollars(item.daily_budget)} a day`
  const proposes = item.may_propose ? "May propose changes" : "Answers only"
  return (
    <aside aria-label="Properties">
      <div className="property"><span>Model</span>
        {canEdit ? <Choose label="Model" choices={[{ value: "none", text: "The server’s own" }]} chosen={item.model ? [] : ["none"]} free="claude-…" choose={(value) => void save({ model: value })}><span className="value-text">{model}</span></Choose> : <span className="value">{model}</span>}
      </div>
      <div className="property"><span>Budget</span>
        {canEdit ? <Choose label="Dollars a day" choices={[{ value: "none", text: "Only the server’s limits" }]} chosen={item.daily_budget === undefined ? ["none"] : []} free="2.50" choose={(value) => void save({ daily_budget: value === "none" ? value : Number(value.replace(/^\$/, "")) })}>{budget}</Choose> : <span className="value">{budget}</span>}
      </div>
      <div className="property"><span>Writes</span>
        {canEdit ? <Choose label="Writes" choices={[{ value: "yes", text: "May propose changes" }, { value: "no", text: "Answers only" }]} chosen={[item.may_propose ? "yes" : "no"]} choose={(value) => void save({ may_propose: value === "yes" })}>{proposes}</Choose> : <span className="value">{proposes}</span>}
      </div>
      {figures && (
        <div className="property"><span>Today</span>
          <span className="value">{item.daily_budget === undefined ? `${dollars(figures.spent_today)}, ${figures.answers_today} ${figures.answers_today === 1 ? "answer" : "answers"}` : <Cap name={`${item.key} today`} spent={figures.spent_today} cap={item.daily_budget} />}</span>
        </div>
      )}
      {item.created_by && <div className="property"><span>Made by</span><span className="value">{item.created_by}</span></div>}
      {!item.created_by && <div className="property"><span>Made by</span><span className="value soft">comes with Turbo-Plan</span></div>}
      {canWrite && <div className="acts"><Archiving itemKey={item.key} isArchived={!!item.archived_at} /></div>}
    </aside>
  )
}
