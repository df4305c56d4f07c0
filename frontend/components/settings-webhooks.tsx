"use client"
// Webhooks: other programs that are told what happens, with what was given up and a way to send it again.
import { useQuery } from "@tanstack/react-query"
import { Plus } from "lucide-react"
import { type FormEvent, useState } from "react"
import { api, taken } from "@/lib/api"
import { choices } from "@/lib/choices"
import { ask, type Result, useAction, useRights } from "@/lib/rest"
import { label } from "@/lib/words"
import { Choose } from "./choose"
import { Dialog } from "./dialog"
import { useProjects } from "./issue-choices"
import { useNotices } from "./notices"
import { Empty, Waiting, When } from "./parts"
import { Secret } from "./secret"

type Webhook = Result<"/v1/webhooks", "get">["items"][number]
type Opened = { what: "make" } | { what: "deliveries" | "delete"; of: Webhook }
const KINDS = choices.search.kind.map((value) => ({ value, text: label(value) }))
const LOOK_AGAIN = 2000

export function Webhooks() {
  const { isAdmin, why } = useRights()
  const [opened, setOpened] = useState<Opened>()
  const hooks = useQuery({ queryKey: ["webhooks"], queryFn: () => taken(api.GET("/v1/webhooks")), enabled: isAdmin })
  const close = () => setOpened(undefined)
  return (
    <section className="section" aria-labelledby="webhooks">
      <h2 id="webhooks">Webhooks <span className="count">{hooks.data?.items.length}</span><span className="grow" />
        {isAdmin && <button className="button" onClick={() => setOpened({ what: "make" })}><Plus size={14} aria-hidden /> New webhook</button>}
      </h2>
      {isAdmin && <Waiting query={hooks} />}
      <ul aria-label="Webhooks">{hooks.data?.items.map((each) => <One key={each.id} hook={each} open={setOpened} />)}</ul>
      {hooks.data?.items.length === 0 && <p className="note">Other programs can be told what happens here: each event becomes a signed POST to an address that you name.</p>}
      {!isAdmin && why && <p className="note">Webhooks are for owners, with a key of the scope admin. {why}</p>}
      {opened?.what === "make" && <Make close={close} />}
      {opened?.what === "deliveries" && <Deliveries hook={opened.of} close={close} />}
      {opened?.what === "delete" && <Delete hook={opened.of} close={close} />}
    </section>
  )
}

function One({ hook, open }: { hook: Webhook; open: (what: Opened) => void }) {
  const { isBusy, run } = useAction()
  const test = () => run(async () => (await ask("post", "/v1/webhooks/test", { id: hook.id }), open({ what: "deliveries", of: hook })), "webhooks", "deliveries")
  const filters = [hook.kinds?.map(label).join(", "), hook.actions?.join(", "), hook.projects ? `in ${hook.projects.join(", ") || "no project that you see"}` : undefined].filter(Boolean)
  return (
    <li className="own-row" data-webhook={hook.id}>
      <div className="what">
        <span className="row wraps"><strong>{hook.name}</strong>
          {hook.dead > 0 && <span className="tag tone-red">{hook.dead} given up</span>}
          {hook.failing_since && <span className="tag tone-orange">Failing</span>}
          {hook.paused && <span className="tag tone-yellow">Paused</span>}
        </span>
        <span className="soft small">{hook.url}</span>
        <span className="facts">
          <span>{filters.join("; ") || "everything"}</span><span>what {hook.person} sees</span><span>{hook.waiting} waiting</span>
          {hook.failing_since && <span>failing since <When at={hook.failing_since} /></span>}{hook.paused && <span>{hook.paused}</span>}
        </span>
      </div>
      <div className="acts">
        <button className="button quiet" disabled={isBusy} onClick={() => void test()} aria-label={`Test ${hook.name}`}>Test</button>
        <button className="button quiet" onClick={() => open({ what: "deliveries", of: hook })} aria-label={`Deliveries of ${hook.name}`}>Deliveries</button>
        <button className="button quiet danger" onClick={() => open({ what: "delete", of: hook })} aria-label={`Delete ${hook.name}`}>Delete</button>
      </div>
    </li>
  )
}

function Make({ close }: { close: () => void }) {
  const { isBusy, run } = useAction()
  const projects = useProjects()
  const [fields, setFields] = useState({ url: "", name: "" })
  const [kinds, setKinds] = useState<string[]>([])
  const [chosen, setChosen] = useState<string[]>([])
  const [made, setMade] = useState<Result<"/v1/webhooks", "post">>()
  if (made) {
    return (
      <Secret title={`The secret of ${made.name}`} secret={made.secret} close={close}>
        <p>With it the receiver checks that a message is from here. Each carries a signature in the header webhook-signature.</p>
      </Secret>
    )
  }
  const set = (name: keyof typeof fields) => (event: { target: { value: string } }) => setFields((all) => ({ ...all, [name]: event.target.value }))
  const toggle = (change: (to: (all: string[]) => string[]) => void) => (value: string) => change((all) => (all.includes(value) ? all.filter((each) => each !== value) : [...all, value]))
  function save(event: FormEvent) {
    event.preventDefault()
    const name = fields.name.trim()
    void run(async () => setMade(await ask("post", "/v1/webhooks", {
      url: fields.url.trim(), ...(name ? { name } : {}), ...(kinds.length ? { kinds } : {}), ...(chosen.length ? { projects: chosen } : {}),
    })), "webhooks")
  }
  return (
    <Dialog title="New webhook" close={close}>
      <form className="form" onSubmit={save}>
        <label>Address<input className="field" value={fields.url} onChange={set("url")} placeholder="https://hooks.example.com/turbo" inputMode="url" autoFocus spellCheck={false} /></label>
        <label>Name<input className="field" value={fields.name} onChange={set("name")} maxLength={80} placeholder="The address’s host, where it has no other" /></label>
        <div className="row wraps">
          <Choose label="Kinds" className="chip" choices={KINDS} chosen={kinds} choose={toggle(setKinds)} isMultiple>{kinds.length ? kinds.map(label).join(", ") : "All kinds"}</Choose>
          <Choose label="Projects" className="chip" choices={projects} chosen={chosen} choose={toggle(setChosen)} isMultiple>{chosen.length ? chosen.join(", ") : "All that you see"}</Choose>
        </div>
        <footer>
          <button type="button" className="button quiet" onClick={close}>Cancel</button>
          <button className="button primary" disabled={isBusy || !fields.url.trim()}>Make the webhook</button>
        </footer>
      </form>
    </Dialog>
  )
}

function Deliveries({ hook, close }: { hook: Webhook; close: () => void }) {
  const [isDeadOnly, setDeadOnly] = useState(hook.dead > 0)
  const deliveries = useQuery({
    queryKey: ["deliveries", hook.id, isDeadOnly],
    queryFn: () => taken(api.GET("/v1/webhooks/deliveries", { params: { query: { id: hook.id, ...(isDeadOnly ? { state: "dead" as const } : {}) } } })),
    refetchInterval: ({ state }) => (state.data?.items.some((each) => each.state === "waiting") ? LOOK_AGAIN : false),
  })
  const { isBusy, run } = useAction()
  const { say } = useNotices()
  const again = (delivery?: number) =>
    run(async () => {
      const sent = await ask("post", "/v1/webhooks/redeliver", { id: hook.id, ...(delivery ? { delivery } : {}) })
      say({ text: sent.deliveries === 1 ? "One is sent again" : `${sent.deliveries} are sent again` })
      setDeadOnly(false)
    }, "deliveries", "webhooks")
  return (
    <Dialog title={`Deliveries to ${hook.name}`} close={close}>
      <div className="row wraps" role="group" aria-label="Which">
        <button className={isDeadOnly ? "chip" : "chip on"} aria-pressed={!isDeadOnly} onClick={() => setDeadOnly(false)}>All</button>
        <button className={isDeadOnly ? "chip on" : "chip"} aria-pressed={isDeadOnly} onClick={() => setDeadOnly(true)}>Given up</button>
        <span className="grow" />
        {hook.dead > 0 && <button className="button" disabled={isBusy} onClick={() => void again()}>Send all that were given up</button>}
      </div>
      <Waiting query={deliveries} />
      <ol className="report" aria-label="Deliveries">
        {deliveries.data?.items.map((each) => (
          <li key={each.id}>
            <span className={STATE_TONES[each.state]}>{label(each.state)}</span>
            <span>{each.event ? `Event ${each.event}` : "Test"}{each.status ? `, answered ${each.status}` : ""}{each.error ? `: ${each.error}` : ""} <span className="who"><When at={each.attempted_at ?? each.created_at} />, tried {each.attempts}×</span></span>
            {each.state !== "waiting" && <button className="button quiet" disabled={isBusy} onClick={() => void again(each.id)} aria-label={`Send again: delivery ${each.id}`}>Send again</button>}
          </li>
        ))}
      </ol>
      {deliveries.data?.items.length === 0 && <Empty title={isDeadOnly ? "Nothing was given up" : "Nothing was sent yet"}>{isDeadOnly ? "What cannot be delivered for a day stands here." : "“Test” beside the webhook sends something at once."}</Empty>}
      <footer><button className="button primary" onClick={close}>Done</button></footer>
    </Dialog>
  )
}

const STATE_TONES: Record<string, string> = { delivered: "tone-green", dead: "tone-red", waiting: "tone-yellow" }

function Delete({ hook, close }: { hook: Webhook; close: () => void }) {
  const { isBusy, run } = useAction()
  const { say } = useNotices()
  const remove = () => run(async () => (await ask("delete", "/v1/webhooks", { id: hook.id }), say({ text: `${hook.name} is deleted` }), close()), "webhooks")
  return (
    <Dialog title={`Delete ${hook.name}?`} close={close}>
      <p>Nothing is sent to {hook.url} any more, nor what still waits: {hook.waiting}. The list of deliveries goes too, and the secret.</p>
      <footer>
        <button className="button quiet" onClick={close}>Cancel</button>
        <button className="button danger" disabled={isBusy} onClick={() => void remove()}>Delete</button>
      </footer>
    </Dialog>
  )
}
